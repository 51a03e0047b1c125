import type { Result } from '../../core/requests.ts'
import { safeText } from '../../core/safe-text.ts'
import { MAX_VALUE_BYTES } from './limits.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A record's value as it can be shown whole: as text where it is harmless text, otherwise in base64. */
export function shownValue(bytes: Uint8Array): NonNullable<Result<'query'>['value']> {
  const text = textOf(bytes)
  const safe = text === undefined ? undefined : safeText(text, MAX_VALUE_BYTES)
  if (safe !== undefined && safe === text) return { text: safe, encoding: 'text' }
  const most = MAX_VALUE_BYTES * 2
  return { text: safeText(Buffer.from(bytes).toString('base64'), most), encoding: 'base64' }
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}
