/** The events of a capture since it was cleared: their columns in memory, and the files of the capture's folder. */

import type { RealtimeEvent } from '../shared/event.ts'
import { hasPayload } from '../shared/event-columns.ts'
import { MAX_FRAME_HEADER } from '../shared/frame-header.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import { BatchEncoder, decode, Encoder } from './codec.ts'
import { ColumnSegments, FLAG, type Row } from './column-segments.ts'
import { EventNameFile } from './disk/event-name-file.ts'
import { Records, type RecordsOptions } from './disk/records.ts'
import { RowLog } from './disk/row-log.ts'
import type { BytesTaker } from './disk/spool.ts'
import { EventNames } from './event-names.ts'
import { KeptPayloads } from './kept-payloads.ts'
import { RepeatedFields } from './repeated-fields.ts'

export type StoreOptions = Omit<RecordsOptions, 'onLost'>

export class Store {
  readonly records: Records
  readonly payloads = new KeptPayloads()
  readonly eventNames = new EventNames()
  readonly encoder = new Encoder(this.eventNames)
  readonly #batches = new BatchEncoder(this.eventNames)
  rows = new ColumnSegments()
  readonly #repeated = new RepeatedFields()
  readonly #rowLog: RowLog
  readonly #eventNameFile: EventNameFile

  /** Creates the files, or opens those of an earlier process. Throws the disk's error. */
  constructor(options: StoreOptions) {
    const { directory, reopen } = options
    this.#eventNameFile = reopen
      ? EventNameFile.reopen(directory, this.eventNames)
      : EventNameFile.create(directory)
    this.records = new Records({ ...options, onLost: (events) => this.payloads.lose(events) })
    this.#rowLog = reopen ? this.#reload(directory) : new RowLog(directory)
  }

  /** Appends the messages of a batch, at `time`. Returns false if they have to be appended one by one. */
  appendBatch(connection: number, batch: MessageBatch, time: number): boolean {
    const shared = this.#batches.encode(batch)
    if (shared === undefined) return false
    const { starts, sizes, count, bytes } = batch
    const first = starts[0] ?? 0
    const end = (starts[count - 1] ?? 0) + (sizes[count - 1] ?? 0)
    // Making a view takes longer than storing the header of a frame.
    const isNearlyAll = first < end && first <= MAX_FRAME_HEADER && end === bytes.length
    const kept = isNearlyAll ? bytes : bytes.subarray(first, end)
    const offset = first === end ? 0 : this.records.payloads.append(undefined, kept, count)
    if (offset < 0) {
      this.payloads.lose(count)
      this.rows.appendBatch(connection, batch, time, 0, { ...shared, flags: shared.flags | FLAG.lost })
    } else this.rows.appendBatch(connection, batch, time, isNearlyAll ? offset : offset - first, shared)
    return true
  }

  /** An event; its payload is valid until the next append. Throws a `RangeError` if it is not kept. */
  read(index: number): RealtimeEvent {
    const row = this.rows.get(index)
    const { meta, payload } = this.records.read(row)
    return decode(row, this.eventNames.list[row.eventName] ?? '', meta, payload, this.#repeated)
  }

  /** As `Capture.payload`. */
  payload(index: number, maxBytes?: number): Uint8Array<ArrayBuffer> | undefined {
    let copy: Uint8Array<ArrayBuffer> | undefined
    const take: BytesTaker['take'] = (bytes, from, to) => {
      copy = new Uint8Array(bytes.subarray(from, to))
    }
    this.givePayload(index, maxBytes, { take })
    return copy
  }

  /** As `Capture.givePayload`. */
  givePayload(index: number, maxBytes: number | undefined, taker: BytesTaker): boolean {
    const row = this.rows.get(index)
    if (!hasPayload(row.kind)) return false
    return this.records.givePayload(row, Math.min(row.size, maxBytes ?? row.size), taker)
  }

  /** As `Capture.text`. */
  text(index: number): string | undefined {
    const row = this.rows.get(index)
    if (!hasPayload(row.kind)) return undefined
    return row.size === 0 ? '' : this.records.text(row)
  }

  /** Counts the payloads that were dropped. */
  advance(): void {
    this.payloads.advance(this.rows, this.records.payloads.start)
  }

  /** Writes everything to disk. Returns false if the disk fails now, or throws its error. */
  flush(): boolean {
    // A row is written after the record it points to.
    if (!this.records.flush()) return false
    this.#eventNameFile.flush(this.eventNames)
    this.#rowLog.flush(this.rows)
    return true
  }

  /** Closes the files without writing. */
  close(): void {
    this.rows.release()
    this.records.close()
    this.#rowLog.close()
    this.#eventNameFile.close()
  }

  #reload(directory: string): RowLog {
    const isWhole = (row: Row) => row.eventName < this.eventNames.list.length && this.records.isWhole(row)
    const log = RowLog.reopen(
      directory,
      isWhole,
      (first) => {
        this.rows = new ColumnSegments(first)
      },
      (row) => {
        if (this.records.isLost(row)) this.payloads.lose(1)
        this.rows.append(row)
      },
    )
    this.advance()
    return log
  }
}
