/** Columns as typed arrays, described by a table of their names and element types. */

interface ElementArrays<Memory extends ArrayBufferLike> {
  f64: Float64Array<Memory>
  f32: Float32Array<Memory>
  u32: Uint32Array<Memory>
  u16: Uint16Array<Memory>
  u8: Uint8Array<Memory>
}
type Element = keyof ElementArrays<ArrayBuffer>

const CONSTRUCTORS = {
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
}

/** Element type of each column. */
export type ColumnTable = Readonly<Record<string, Element>>

export type Columns<Table extends ColumnTable, Memory extends ArrayBufferLike = ArrayBuffer> = {
  readonly [Name in keyof Table]: ElementArrays<Memory>[Table[Name]]
}

export function columnNames<Table extends ColumnTable>(table: Table): readonly (keyof Table & string)[] {
  return Object.keys(table)
}

/** An object of every column, made by `make`. */
function mapColumns<Table extends ColumnTable, Memory extends ArrayBufferLike>(
  table: Table,
  make: (name: keyof Table & string) => ElementArrays<Memory>[Element],
): Columns<Table, Memory> {
  return Object.fromEntries(columnNames(table).map((name) => [name, make(name)])) as unknown as Columns<
    Table,
    Memory
  >
}

/** Columns of zeros for `capacity` rows. */
export function allocate<Table extends ColumnTable>(table: Table, capacity: number): Columns<Table> {
  return mapColumns(table, (name) => new CONSTRUCTORS[table[name] as Element](capacity))
}

/** Views of the rows [start, end). */
export function sliceColumns<Table extends ColumnTable>(
  table: Table,
  columns: Columns<Table>,
  start: number,
  end: number,
): Columns<Table> {
  return mapColumns(table, (name) => columns[name].subarray(start, end))
}

/** Copies the rows [start, end) into other columns, from position `at` on. */
export function copyColumns<Table extends ColumnTable>(
  table: Table,
  columns: Columns<Table, ArrayBufferLike>,
  start: number,
  end: number,
  into: Columns<Table>,
  at: number,
): void {
  for (const name of columnNames(table)) into[name].set(columns[name].subarray(start, end), at)
}

/** Bytes of one row. */
export function rowSize(table: ColumnTable): number {
  return Object.values(table).reduce((sum, element) => sum + CONSTRUCTORS[element].BYTES_PER_ELEMENT, 0)
}

/** The names of the columns, wide elements first, so that columns packed one after another are aligned. */
export function packedOrder<Table extends ColumnTable>(table: Table): readonly (keyof Table & string)[] {
  const width = (name: keyof Table) => CONSTRUCTORS[table[name] as Element].BYTES_PER_ELEMENT
  return columnNames(table).toSorted((a, b) => width(b) - width(a))
}

/** Views of `count` rows whose columns are packed in a buffer, in `packedOrder`. */
export function unpackColumns<Table extends ColumnTable, Memory extends ArrayBufferLike>(
  table: Table,
  buffer: Memory,
  count: number,
): Columns<Table, Memory> {
  const offsets = new Map<string, number>()
  let offset = 0
  for (const name of packedOrder(table)) {
    offsets.set(name, offset)
    offset += count * CONSTRUCTORS[table[name] as Element].BYTES_PER_ELEMENT
  }
  const memory = buffer as ArrayBuffer
  return mapColumns(
    table,
    (name) => new CONSTRUCTORS[table[name] as Element](memory, offsets.get(name), count),
  ) as unknown as Columns<Table, Memory>
}
