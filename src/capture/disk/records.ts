/**
 * The records of a capture's events on disk, in two spools: payloads, whose oldest are dropped at the limit, and the
 * details of lifecycle events, which are kept.
 */
import { FLAG, type Row } from '../column-segments.ts'
import { type BytesTaker, Spool } from './spool.ts'

export interface RecordsOptions {
  readonly directory: string
  /** Bytes of payloads kept in memory. */
  readonly memoryLimit: number
  /** Bytes of payloads kept on disk; the oldest are dropped above this limit. */
  readonly spoolLimit: number
  /** Opens the files of an earlier process. */
  readonly reopen: boolean
  /** Called when writing fails. The data waits in memory as long as there is room. */
  readonly onError: (error: unknown) => void
  /** Called when reading fails. */
  readonly onReadError: (error: unknown) => void
  /** Called with the number of events that lost their records because the disk was failing. */
  readonly onLost: (events: number) => void
}

const NOTHING = Buffer.alloc(0)
/** Flags of events that have no payload, or more than a payload, in their record. */
const NOT_PLAIN = FLAG.json | FLAG.id | FLAG.lifecycle | FLAG.hollow | FLAG.lost
const BLOCK_SIZE = 1024 * 1024
const MIN_BLOCK_SIZE = 16 * 1024
/** Bytes of lifecycle details that are never dropped; further details are stored with the payloads. */
const LIFECYCLE_LIMIT = 64 * 1024 * 1024
const LIFECYCLE_BLOCK_SIZE = 64 * 1024
/** Bytes of lifecycle details that wait in memory while the disk fails. */
const LIFECYCLE_UNWRITTEN_LIMIT = 8 * 1024 * 1024

export class Records {
  readonly payloads: Spool
  readonly #lifecycle: Spool

  /** Throws the disk's error. */
  constructor({ memoryLimit, spoolLimit, reopen, ...common }: RecordsOptions) {
    const payloads = {
      ...{ ...common, name: 'payload', memoryLimit, diskLimit: spoolLimit },
      blockSize: blockSizeFor(memoryLimit, spoolLimit),
    }
    const lifecycle = {
      ...{ ...common, name: 'lifecycle', memoryLimit: LIFECYCLE_BLOCK_SIZE },
      ...{ blockSize: LIFECYCLE_BLOCK_SIZE, diskLimit: Number.POSITIVE_INFINITY },
      unwrittenLimit: LIFECYCLE_UNWRITTEN_LIMIT,
    }
    this.payloads = reopen ? Spool.reopen(payloads) : new Spool(payloads)
    this.#lifecycle = reopen ? Spool.reopen(lifecycle) : new Spool(lifecycle)
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.payloads.bytes + this.#lifecycle.bytes
  }

  /**
   * Writes the record of an event and sets the offset in its row. If the record is lost, sets its flag and returns
   * false.
   */
  append(row: Row, meta: string | undefined, payload: Uint8Array): boolean {
    row.offset = meta === undefined && payload.length === 0 ? 0 : this.#store(row, meta, payload)
    if (row.offset >= 0) return true
    row.offset = 0
    row.flags |= FLAG.lost
    return false
  }

  /** The meta and the payload of a record; each is undefined if it is no longer kept. Valid until the next append. */
  read(row: Row): { readonly meta?: string | undefined; readonly payload?: Uint8Array | undefined } {
    const spool = this.#spoolOf(row)
    const metaSize = this.#isKept(row) ? metaSizeOf(row, spool) : undefined
    if (metaSize === undefined) return {}
    // Converted to text first: reading the payload may reuse its bytes.
    const meta = metaSize === 0 ? undefined : spool.view(row.offset + 4, metaSize - 4)?.toString()
    const isHollow = row.size === 0 || (row.flags & FLAG.hollow) !== 0
    return { meta, payload: isHollow ? undefined : spool.view(row.offset + metaSize, row.size) }
  }

  /** Gives the payload's first bytes to `taker`. Returns false if they are no longer kept. Valid until the next append. */
  givePayload(row: Row, size: number, taker: BytesTaker): boolean {
    if (size === 0) taker.take(NOTHING, 0, 0)
    if (size === 0) return true
    const at = (row.flags & NOT_PLAIN) === 0 ? row.offset : this.#payloadAt(row)
    return at !== undefined && this.payloads.give(at, size, taker)
  }

  /** The payload as UTF-8 text; undefined if it is no longer kept. */
  text(row: Row): string | undefined {
    const at = this.#payloadAt(row)
    return at === undefined ? undefined : this.payloads.text(at, row.size)
  }

  /** Whether the event had a payload that is no longer kept. */
  lacksPayload(row: Row): boolean {
    return row.size > 0 && ((row.flags & FLAG.hollow) !== 0 || !this.#isKept(row))
  }

  /** Whether the record was lost because the disk was failing, rather than dropped at a limit. */
  isLost(row: Row): boolean {
    return this.lacksPayload(row) && !(row.flags & FLAG.hollow) && row.offset >= this.#spoolOf(row).start
  }

  /** Whether a record of an earlier process is complete, or was dropped as a whole. */
  isWhole(row: Row): boolean {
    const spool = this.#spoolOf(row)
    if (!hasRecord(row) || row.flags & FLAG.lost) return true
    if (row.offset < spool.end && !spool.holds(row.offset)) return true
    const metaSize = metaSizeOf(row, spool)
    if (metaSize === undefined) return false
    return row.offset + metaSize + (row.flags & FLAG.hollow ? 0 : row.size) <= spool.end
  }

  /** Returns false if the disk fails. */
  flush(): boolean {
    // Details first: a connection cannot be understood without them.
    return this.#lifecycle.flush() && this.payloads.flush()
  }

  close(): void {
    this.payloads.close()
    this.#lifecycle.close()
  }

  #store(row: Row, meta: string | undefined, payload: Uint8Array): number {
    if (row.flags & FLAG.lifecycle) {
      if (this.#lifecycle.end < LIFECYCLE_LIMIT) return this.#lifecycle.append(meta, payload)
      row.flags &= ~FLAG.lifecycle
    }
    return this.payloads.append(meta, payload)
  }

  #spoolOf(row: Row): Spool {
    return row.flags & FLAG.lifecycle ? this.#lifecycle : this.payloads
  }

  #isKept(row: Row): boolean {
    if (row.flags & FLAG.lost) return false
    return !hasRecord(row) || this.#spoolOf(row).holds(row.offset)
  }

  #payloadAt(row: Row): number | undefined {
    if (this.lacksPayload(row)) return undefined
    const metaSize = metaSizeOf(row, this.payloads)
    return metaSize === undefined ? undefined : row.offset + metaSize
  }
}

/** A block is a small part of both limits, so that keeping and dropping whole blocks stays close to them. */
function blockSizeFor(memoryLimit: number, spoolLimit: number): number {
  const fitting = Math.floor(Math.min(memoryLimit, spoolLimit / 8))
  return Math.max(MIN_BLOCK_SIZE, Math.min(BLOCK_SIZE, fitting))
}

/** Whether the event has a record in a spool. */
export function hasRecord(row: Row): boolean {
  return (row.flags & (FLAG.json | FLAG.id)) !== 0 || (row.size > 0 && (row.flags & FLAG.hollow) === 0)
}

/** Bytes of the record before the payload; undefined if they are no longer kept. */
export function metaSizeOf(row: Pick<Row, 'flags' | 'offset'>, spool: Spool): number | undefined {
  if ((row.flags & (FLAG.json | FLAG.id)) === 0) return 0
  const length = spool.readMetaLength(row.offset)
  return length === undefined ? undefined : 4 + length
}
