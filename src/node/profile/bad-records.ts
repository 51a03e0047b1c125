import type { PeerStore } from '@libp2p/interface'
import { peerIdFromCID } from '@libp2p/peer-id'
import { base32 } from 'multiformats/bases/base32'
import { CID } from 'multiformats/cid'
import type { NewEvent } from '../../core/events.ts'
import { plural } from '../../core/format.ts'
import { safeText, say } from '../../core/safe-text.ts'
import type { Level } from './level.ts'

/** Where libp2p keeps peers: /peers/ and the Peer ID as a CID. The sign after the last one ends the range. */
const PREFIX = '/peers/'
const RANGE = { gte: PREFIX, lt: '/peers0' }
/** What the peer store says of a peer that is not there, or that the disk does not give. */
const NOT_THE_RECORD = ['NotFoundError', 'GetFailedError']

/**
 * Has libp2p's peer store go on where one record of it makes no sense: left alone `all()` throws for all of them, and with
 * that the node does not start. Such records are removed, as soon as they are met there.
 *
 * @param tell how many were removed
 */
export function passOverBadRecords(
  peerStore: PeerStore,
  database: Pick<Level, 'keys' | 'del'>,
  tell: (removed: number) => void,
): void {
  const all = peerStore.all.bind(peerStore)
  peerStore.all = async query => {
    try {
      return await all(query)
    } catch (error) {
      const removed = await removeBadRecords(peerStore, database)
      // Something else is wrong.
      if (removed === 0) throw error
      tell(removed)
      return await all(query)
    }
  }
}

async function removeBadRecords(
  peerStore: PeerStore,
  database: Pick<Level, 'keys' | 'del'>,
): Promise<number> {
  let removed = 0
  for (const key of await database.keys(RANGE).all()) {
    if (await isReadable(peerStore, key)) continue
    await database.del(key)
    removed += 1
  }
  return removed
}

async function isReadable(peerStore: PeerStore, key: string): Promise<boolean> {
  try {
    await peerStore.get(peerIdFromCID(CID.parse(key.slice(PREFIX.length), base32)))
    return true
  } catch (error) {
    return error instanceof Error && NOT_THE_RECORD.includes(error.name)
  }
}

/** What a person is told of it. */
export function recordsRemoved(removed: number): NewEvent<'warning:raised'> {
  return {
    type: 'warning:raised',
    topic: 'datastore',
    cause: say`${plural(removed, say`record`, say`records`)} in the address book made no sense`,
    hint: safeText('They were removed; those peers are known again as they are met'),
  }
}
