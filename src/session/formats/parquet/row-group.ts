/** Rows of a table that are written together: the values of each column, of bounded number and size. */
import type { ParquetWriter } from 'hyparquet-writer'
import { COLUMN_NAMES, COLUMNS, type ColumnName, fitting, TYPES, type Value } from './columns.ts'

/** A group ends after this many rows, or bytes of texts and payloads. Readers read a group as a whole. */
const MOST_ROWS = 32_768
const MOST_BYTES = 16 * 1024 * 1024

type ColumnData = Parameters<ParquetWriter['write']>[0]['columnData']
/** Null where a row has no value. */
type Values = (Value | null)[]

export class RowGroup {
  #count = 0
  #bytes = 0
  #columns = emptyColumns()

  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count >= MOST_ROWS || this.#bytes >= MOST_BYTES
  }

  /** Begins the next row, without values. */
  next(): void {
    this.#count++
  }

  /** Sets a value of the last row. Returns false if it cannot be in the column, or if it is undefined. */
  set(name: ColumnName, value: unknown): boolean {
    const fit = fitting(name, value)
    if (fit === undefined) return false
    const values = this.#columns[name]
    const at = this.#count - 1
    while (values.length < at) values.push(null)
    // A value that repeats is held once, and its column gets a dictionary.
    if ((typeof fit === 'string' || fit instanceof Uint8Array) && values[at - 1] !== fit)
      this.#bytes += fit.length
    values[at] = fit
    return true
  }

  /** All rows, for the writer. Afterwards, the group is empty. */
  take(): ColumnData {
    const columns = this.#columns
    const count = this.#count
    // Most columns have no value in most groups.
    const nulls = new Array<null>(count).fill(null)
    this.#columns = emptyColumns()
    this.#count = 0
    this.#bytes = 0
    return COLUMN_NAMES.map((name) => {
      const { encoding, hasStatistics: statistics = true } = TYPES[COLUMNS[name].type]
      const values = columns[name]
      if (values.length > 0) while (values.length < count) values.push(null)
      const data = values.length > 0 ? values : nulls
      return { name, data, statistics, offsetIndex: false, ...(encoding !== undefined && { encoding }) }
    })
  }
}

function emptyColumns(): Readonly<Record<ColumnName, Values>> {
  return Object.fromEntries(COLUMN_NAMES.map((name) => [name, []])) as unknown as Record<ColumnName, Values>
}
