/** What we answer to what is asked. */
import type { Answer, Packet, Question } from 'dns-packet'
import { normalName, SERVICE, SERVICE_TYPES } from './names.ts'
import { hostName, instanceName, recordsOf, response, type Service } from './records.ts'

/**
 * How classes IN and ANY read with their top bit set: the asker would like the answer to itself alone (RFC 6762,
 * section 5.4).
 */
const UNICAST_WANTED = /^UNKNOWN_(32769|33023)$/
/** A resolver that knows no mDNS must not keep our records for long (RFC 6762, section 6.7). */
const LEGACY_TTL_SECONDS = 10

/** The answer to a query, or undefined when none of its questions is ours or the asker knows it all. */
export function answerTo(query: Packet, service: Service): Packet | undefined {
  const records = recordsOf(service)
  const answers = new Set<Answer>()
  const additionals = new Set<Answer>()
  for (const question of query.questions ?? []) {
    const [asked, along] = matching(question, service, records)
    for (const record of asked) answers.add(record)
    for (const record of along) additionals.add(record)
  }
  if (knows(query, records.ptr, service)) {
    answers.delete(records.ptr)
  }
  if (answers.size === 0) return undefined
  return response(
    [...answers],
    [...additionals].filter(record => !answers.has(record)),
  )
}

function matching(
  { name, type }: Question,
  service: Service,
  { ptr, types, srv, txt, hosts }: ReturnType<typeof recordsOf>,
): [asked: Answer[], along: Answer[]] {
  const wants = (...kinds: string[]) => kinds.includes(type) || (type as string) === 'ANY'
  switch (normalName(name)) {
    case SERVICE:
      return wants('PTR') ? [[ptr], [srv, txt, ...hosts]] : [[], []]
    case SERVICE_TYPES:
      return wants('PTR') ? [[types], []] : [[], []]
    case instanceName(service.instance):
      return [[...(wants('SRV') ? [srv] : []), ...(wants('TXT') ? [txt] : [])], wants('SRV') ? hosts : []]
    case hostName(service.instance):
      return wants('A', 'AAAA') ? [hosts.filter(({ type: kind }) => wants(kind)), hosts] : [[], []]
    default:
      return [[], []]
  }
}

/** Whether the asker says that it has our PTR record and will keep it a while (RFC 6762, section 7.1). */
function knows(query: Packet, { name, type }: Answer, service: Service): boolean {
  return (query.answers ?? []).some(
    known =>
      known.type === type &&
      known.type === 'PTR' &&
      normalName(known.name) === name &&
      normalName(known.data) === instanceName(service.instance) &&
      (known.ttl ?? 0) >= service.ttlSeconds / 2,
  )
}

/** Whether every question asks for an answer to the asker alone. */
export function wantsUnicast(query: Packet): boolean {
  const questions = query.questions ?? []
  return questions.length > 0 && questions.every(question => UNICAST_WANTED.test(question.class ?? ''))
}

/** The form of an answer that a plain DNS resolver understands (RFC 6762, section 6.7). */
export function legacyForm(answer: Packet, query: Packet): Packet {
  const plain = (record: Answer): Answer =>
    'ttl' in record ? { ...record, ttl: Math.min(record.ttl ?? 0, LEGACY_TTL_SECONDS), flush: false } : record
  return {
    ...answer,
    id: query.id ?? 0,
    questions: (query.questions ?? []).map(({ name, type }) => ({ name, type, class: 'IN' })),
    answers: (answer.answers ?? []).map(plain),
    additionals: (answer.additionals ?? []).map(plain),
  }
}
