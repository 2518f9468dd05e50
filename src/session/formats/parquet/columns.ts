/** The columns of a recording as a table: one row for each event. docs/data.md describes them to users. */
import type { ParquetWriter } from 'hyparquet-writer'

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]
type Encoding = NonNullable<Parameters<ParquetWriter['write']>[0]['columnData'][number]['encoding']>

/** What the values of a column are: `NAME` is one of few short texts, and `TEXT` any text, or its UTF-8. */
type ColumnType = 'NAME' | 'TEXT' | 'JSON' | 'BYTES' | 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP'

export type Value = string | number | boolean | Uint8Array

interface TypeTraits {
  readonly element: Omit<SchemaElement, 'name'>
  /** Default: a dictionary if it helps, else plain. */
  readonly encoding?: Encoding
  /** Whether a value can be in the column. */
  readonly fits: (value: unknown) => value is Value
  /**
   * Whether the smallest and the largest value of a row group are in the file, so that readers can skip groups. The writer
   * keeps both until the end, so texts of any length have none.
   */
  readonly hasStatistics?: false
}

const isText = (value: unknown) => typeof value === 'string'
const isInteger = (value: unknown): value is number => Number.isSafeInteger(value)
const UTF8 = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const

export const TYPES: Readonly<Record<ColumnType, TypeTraits>> = {
  NAME: { element: UTF8, fits: isText },
  TEXT: {
    element: UTF8,
    fits: (value) => isText(value) || value instanceof Uint8Array,
    hasStatistics: false,
  },
  JSON: { element: UTF8, fits: isText, hasStatistics: false },
  BYTES: {
    element: { type: 'BYTE_ARRAY' },
    fits: (value) => value instanceof Uint8Array,
    hasStatistics: false,
  },
  INT32: {
    element: { type: 'INT32' },
    fits: (value): value is number => typeof value === 'number' && (value | 0) === value,
  },
  // The only encoding for which the writer takes numbers that are no `bigint`.
  INT64: { element: { type: 'INT64' }, encoding: 'DELTA_BINARY_PACKED', fits: isInteger },
  DOUBLE: { element: { type: 'DOUBLE' }, encoding: 'PLAIN', fits: (value) => typeof value === 'number' },
  BOOLEAN: { element: { type: 'BOOLEAN' }, fits: (value) => typeof value === 'boolean' },
  TIMESTAMP: {
    element: {
      type: 'INT64',
      converted_type: 'TIMESTAMP_MICROS',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
    },
    encoding: 'DELTA_BINARY_PACKED',
    fits: isInteger,
  },
}

interface Column {
  readonly type: ColumnType
  /** Every row has a value. */
  readonly isRequired?: true
}

const columns = {
  recording: { type: 'NAME' },
  number: { type: 'INT64', isRequired: true },
  connection: { type: 'INT32' },
  url: { type: 'TEXT' },
  transport: { type: 'NAME' },
  timestamp: { type: 'TIMESTAMP' },
  time: { type: 'DOUBLE' },
  type: { type: 'NAME', isRequired: true },
  direction: { type: 'NAME' },
  opcode: { type: 'NAME' },
  event: { type: 'TEXT' },
  last_event_id: { type: 'TEXT' },
  data: { type: 'TEXT' },
  data_bytes: { type: 'BYTES' },
  size: { type: 'INT64' },
  wire_size: { type: 'INT64' },
  frames: { type: 'INT64' },
  compressed: { type: 'BOOLEAN' },
  status: { type: 'INT32' },
  request_url: { type: 'TEXT' },
  cursor: { type: 'TEXT' },
  held: { type: 'DOUBLE' },
  empty: { type: 'BOOLEAN' },
  code: { type: 'INT32' },
  reason: { type: 'TEXT' },
  ended_by: { type: 'NAME' },
  attempt: { type: 'INT64' },
  delay: { type: 'DOUBLE' },
  error: { type: 'TEXT' },
  error_code: { type: 'TEXT' },
  missed: { type: 'INT64' },
  repeated: { type: 'INT64' },
  duration: { type: 'DOUBLE' },
  mark: { type: 'TEXT' },
  fields: { type: 'JSON' },
  packets: { type: 'INT32' },
  protocol: { type: 'NAME' },
  kind: { type: 'NAME' },
  name: { type: 'TEXT' },
  channel: { type: 'TEXT' },
  id: { type: 'TEXT' },
  answers: { type: 'INT64' },
  latency: { type: 'DOUBLE' },
  parts: { type: 'INT64' },
  value: { type: 'JSON' },
  more_packets: { type: 'JSON' },
} as const satisfies Readonly<Record<string, Column>>

export type ColumnName = keyof typeof columns

export const COLUMNS: Readonly<Record<ColumnName, Column>> = columns
export const COLUMN_NAMES = Object.keys(columns) as readonly ColumnName[]

/** The value if it can be in the column. */
export function fitting(name: ColumnName, value: unknown): Value | undefined {
  return TYPES[COLUMNS[name].type].fits(value) ? value : undefined
}

/** The schema by which rows are encoded: a root, and the columns. */
export const SCHEMA: SchemaElement[] = [
  { name: 'event', num_children: COLUMN_NAMES.length },
  ...COLUMN_NAMES.map((name): SchemaElement => {
    const { type, isRequired } = COLUMNS[name]
    return { ...TYPES[type].element, name, repetition_type: isRequired ? 'REQUIRED' : 'OPTIONAL' }
  }),
]

/** The schema in the file. Its columns of JSON are encoded as texts, because the writer would format them again. */
export const FILE_SCHEMA: SchemaElement[] = SCHEMA.map((element) => {
  const isJson = COLUMN_NAMES.some((name) => name === element.name && COLUMNS[name].type === 'JSON')
  return isJson ? { ...element, converted_type: 'JSON', logical_type: { type: 'JSON' } } : element
})
