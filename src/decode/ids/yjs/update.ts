/** Ids of clients in updates of Yjs, in version 1 of their encoding (src/structs in https://github.com/yjs/yjs). */
import type { Transcoder } from './transcoder.ts'

/** Bits of the first byte of an item. */
const HAS_ORIGIN = 0x80
const HAS_RIGHT_ORIGIN = 0x40
const HAS_KEY = 0x20
const KIND = 0x1f
/** Kinds that are not items. */
const COLLECTED = 0
const SKIPPED = 10
/** Values that are nested deeper are refused. */
const MAX_DEPTH = 200

/** Structs of each client, and then what is deleted. */
export function transcodeUpdate(bytes: Transcoder): void {
  for (let clients = bytes.number(); clients > 0; clients--) {
    const structs = bytes.number()
    bytes.client()
    bytes.number()
    for (let left = structs; left > 0; left--) struct(bytes)
  }
  for (let clients = bytes.number(); clients > 0; clients--) {
    bytes.client()
    for (let ranges = bytes.number(); ranges > 0; ranges--) {
      bytes.number()
      bytes.number()
    }
  }
}

/** How much one knows of each client. */
export function transcodeStateVector(bytes: Transcoder): void {
  for (let clients = bytes.number(); clients > 0; clients--) {
    bytes.client()
    bytes.number()
  }
}

function struct(bytes: Transcoder): void {
  const info = bytes.byte()
  const kind = info & KIND
  if (kind === COLLECTED || kind === SKIPPED) {
    bytes.number()
    return
  }
  const hasParent = (info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN)) === 0
  if ((info & HAS_ORIGIN) !== 0) place(bytes)
  if ((info & HAS_RIGHT_ORIGIN) !== 0) place(bytes)
  if (hasParent) {
    // The name of a type of the document, or where the parent is.
    if (bytes.number() === 1) bytes.skipBytes()
    else place(bytes)
    if ((info & HAS_KEY) !== 0) bytes.skipBytes()
  }
  const read = CONTENTS[kind]
  if (read === undefined) throw new Error('The struct is not one of Yjs.')
  read(bytes)
}

/** An item of a client. */
function place(bytes: Transcoder): void {
  bytes.client()
  bytes.number()
}

/** By the kind of the item. */
const CONTENTS: Readonly<Record<number, (bytes: Transcoder) => void>> = {
  // Deleted content.
  1: (bytes) => void bytes.number(),
  // Texts of JSON.
  2: (bytes) => {
    for (let left = bytes.number(); left > 0; left--) bytes.skipBytes()
  },
  // Bytes, texts, embedded objects.
  3: (bytes) => bytes.skipBytes(),
  4: (bytes) => bytes.skipBytes(),
  5: (bytes) => bytes.skipBytes(),
  // The name and the value of a format.
  6: (bytes) => {
    bytes.skipBytes()
    bytes.skipBytes()
  },
  // A type. Elements and hooks of XML have a name.
  7: (bytes) => {
    const type = bytes.number()
    if (type === 3 || type === 5) bytes.skipBytes()
  },
  8: (bytes) => {
    for (let left = bytes.number(); left > 0; left--) any(bytes, 0)
  },
  // A document in the document.
  9: (bytes) => {
    bytes.skipBytes()
    any(bytes, 0)
  },
}

/** A value in lib0's own encoding. */
function any(bytes: Transcoder, depth: number): void {
  if (depth > MAX_DEPTH) throw new Error('The value is nested too deeply.')
  switch (bytes.byte()) {
    case 127:
    case 126:
    case 121:
    case 120:
      return
    case 125:
      bytes.skipInteger()
      return
    case 124:
      bytes.skip(4)
      return
    case 123:
    case 122:
      bytes.skip(8)
      return
    case 119:
    case 116:
      bytes.skipBytes()
      return
    case 118:
      for (let left = bytes.number(); left > 0; left--) {
        bytes.skipBytes()
        any(bytes, depth + 1)
      }
      return
    case 117:
      for (let left = bytes.number(); left > 0; left--) any(bytes, depth + 1)
      return
    default:
      throw new Error('The value is not one of lib0.')
  }
}
