/** Decides by its columns whether an event is in a part of the session. The part's filter is not considered. */
import type { ColumnBatch } from '../shared/columns.ts'
import { shownKinds } from '../shared/groups.ts'
import type { Selected } from '../shared/protocol/filtering.ts'

export class PartBounds {
  readonly #selected: Selected
  readonly #shown: Uint8Array

  constructor(selected: Selected) {
    this.#selected = selected
    this.#shown = shownKinds(selected.hidden)
  }

  has(columns: ColumnBatch, offset: number): boolean {
    const { range, connection } = this.#selected
    if (this.#shown[columns.kind[offset] ?? 0] === 0) return false
    if (connection !== null && columns.connection[offset] !== connection) return false
    const time = columns.time[offset] ?? 0
    return range === null || (time >= range.from && time <= range.to)
  }
}
