/** Columns as typed arrays, described by a table of their names and element types. */

interface ElementArrays {
  f64: Float64Array<ArrayBuffer>
  f32: Float32Array<ArrayBuffer>
  u32: Uint32Array<ArrayBuffer>
  u16: Uint16Array<ArrayBuffer>
  u8: Uint8Array<ArrayBuffer>
}
type Element = keyof ElementArrays

const CONSTRUCTORS = {
  f64: Float64Array,
  f32: Float32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
}

/** Element type of each column. */
export type ColumnTable = Readonly<Record<string, Element>>

export type Columns<Table extends ColumnTable> = {
  readonly [Name in keyof Table]: ElementArrays[Table[Name]]
}

export function columnNames<Table extends ColumnTable>(table: Table): readonly (keyof Table & string)[] {
  return Object.keys(table)
}

/** An object of every column, made by `make`. */
function mapColumns<Table extends ColumnTable>(
  table: Table,
  make: (name: keyof Table & string) => ElementArrays[Element],
): Columns<Table> {
  return Object.fromEntries(columnNames(table).map((name) => [name, make(name)])) as unknown as Columns<Table>
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
  columns: Columns<Table>,
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
export function unpackColumns<Table extends ColumnTable>(
  table: Table,
  buffer: ArrayBuffer,
  count: number,
): Columns<Table> {
  const offsets = new Map<string, number>()
  let offset = 0
  for (const name of packedOrder(table)) {
    offsets.set(name, offset)
    offset += count * CONSTRUCTORS[table[name] as Element].BYTES_PER_ELEMENT
  }
  return mapColumns(
    table,
    (name) => new CONSTRUCTORS[table[name] as Element](buffer, offsets.get(name), count),
  )
}
