/** Reads a recording for a comparison. */

import type { Recording } from '../../capture/recording.ts'
import { isOut } from '../../shared/event-columns.ts'
import { growingInts } from '../../shared/growing.ts'
import { getOrMake } from '../../shared/maps.ts'
import type { ScannedLine } from '../line-scan.ts'
import type { ContentReader, Contents } from './contents.ts'
import { Lifecycle } from './lifecycle.ts'
import { PlainLines } from './plain-lines.ts'
import { type ConnectionIndex, GrowingColumns } from './recording-index.ts'
import { readUnits, type Unit, type UnitOptions, type UnitsOfEvent } from './units.ts'

/** The position of messages that have no ids in the ids of a connection. */
const NO_IDS_AT = 0

class ConnectionReader {
  readonly id: number
  /** Its first event. */
  readonly first: number
  readonly lifecycle = new Lifecycle()
  opened: number | undefined
  /** See `ConnectionIndex`. */
  request: number | undefined
  readonly #ids = growingInts()
  readonly #columns = new GrowingColumns()

  constructor(id: number, first: number) {
    this.id = id
    this.first = first
    this.#ids.push(0)
  }

  add(unit: Unit, event: number, contents: ContentReader): Contents {
    const { message, part, isHeartbeat } = unit
    const content = contents.read(unit)
    const ids = contents.idsOf(unit)
    const idsAt = ids.length === 0 ? NO_IDS_AT : this.#ids.length
    if (ids.length > 0) this.#ids.push(ids.length)
    for (const id of ids) this.#ids.push(id)
    const columns = this.#addMessage(event, message.time, message.direction === 'out', content)
    const row = this.#columns.length - 1
    columns.part[row] = part
    columns.heartbeat[row] = isHeartbeat ? 1 : 0
    columns.idsAt[row] = idsAt
    columns.offset[row] = -1
    return content
  }

  /** Adds a message that is a unit of its own, by its line. */
  addLine(event: number, { head: { row }, offset }: ScannedLine, content: Contents): void {
    const columns = this.#addMessage(event, row.time, isOut(row.kind), content)
    columns.offset[this.#columns.length - 1] = offset
  }

  /** What is not known here is 0. */
  #addMessage(event: number, time: number, isOutbound: boolean, content: Contents) {
    this.opened ??= time
    const columns = this.#columns.addRow()
    const row = this.#columns.length - 1
    columns.out[row] = isOutbound ? 1 : 0
    columns.event[row] = event
    columns.time[row] = time
    columns.opened[row] = this.opened
    columns.exact[row] = content.exact
    columns.similar[row] = content.similar
    columns.shape[row] = content.shape
    columns.kind[row] = content.kind
    columns.form[row] = content.form
    return columns
  }

  finish(): ConnectionIndex {
    const { id, first, request } = this
    const lifecycle = this.lifecycle.facts()
    return { id, first, lifecycle, request, ids: this.#ids.view(), columns: this.#columns.views() }
  }
}

/** Reads a recording once. Both sides of a comparison must be read with the same `contents`, or renumbered. */
export async function indexRecording(
  recording: Recording,
  contents: ContentReader,
  options: UnitOptions & { readonly normalizeIds?: boolean } = {},
): Promise<ConnectionIndex[]> {
  const reader = new IndexReader(contents, options.normalizeIds === true)
  await readUnits(recording, options, reader)
  return reader.finish()
}

class IndexReader {
  readonly #contents: ContentReader
  readonly #normalizeIds: boolean
  readonly #lines: PlainLines
  readonly #connections = new Map<number, ConnectionReader>()

  constructor(contents: ContentReader, normalizeIds: boolean) {
    this.#contents = contents
    this.#normalizeIds = normalizeIds
    this.#lines = new PlainLines(contents)
  }

  finish(): ConnectionIndex[] {
    const connections = [...this.#connections.values()].sort((a, b) => a.first - b.first)
    return connections.map((connection) => connection.finish())
  }

  units({ number, event, units, protocol }: UnitsOfEvent): void {
    const connection = this.#connection(event.connection, number)
    if (event.type === 'open') connection.opened = event.time
    if (event.type !== 'message') connection.lifecycle.add(event, this.#normalizeIds ? protocol : undefined)
    for (const unit of units) {
      const { exact } = connection.add(unit, number, this.#contents)
      if (event.type === 'connect') connection.request ??= exact
    }
  }

  line(number: number, line: ScannedLine): boolean {
    const content = this.#lines.read(line)
    if (content === undefined) return false
    this.#connection(line.head.row.connection, number).addLine(number, line, content)
    return true
  }

  #connection(id: number, first: number): ConnectionReader {
    return getOrMake(this.#connections, id, () => new ConnectionReader(id, first))
  }
}
