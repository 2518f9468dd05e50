/** Puts another payload into a record of a stream. */

const LINE_END = /\r\n|\r|\n/

/** The bytes of a record with its delimiters, with another payload. An event keeps its other fields. */
export function withPayload(record: Uint8Array, payload: Uint8Array, isEvent: boolean): Uint8Array {
  // Latin-1 characters represent bytes.
  const text = Buffer.from(record).toString('latin1')
  const inserted = Buffer.from(payload).toString('latin1')
  if (!isEvent) return Buffer.from(inserted + (/\r?\n$/.exec(text)?.[0] ?? ''), 'latin1')
  const fields = text.split(LINE_END).filter((line) => line !== '' && !/^(\xef\xbb\xbf)?data(:|$)/.test(line))
  const data = inserted.split(LINE_END).map((line) => `data: ${line}`)
  return Buffer.from(`${[...fields, ...data].join('\n')}\n\n`, 'latin1')
}
