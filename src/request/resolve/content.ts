/** Reads the content of a body or a message: text, and files beside the file of requests. */
import { Failure } from '../../shared/failure.ts'
import { decodeUtf8 } from '../../shared/text/decode.ts'
import type { ContentPart, Written } from '../file/request-file.ts'
import type { Filled, Filling } from '../variables/fill.ts'
import type { RequestFiles } from '../variables/variables.ts'
import { placed } from './failure.ts'

export interface ContentContext {
  readonly file: string
  readonly files: RequestFiles
  readonly filling: Filling
  /** The largest content, in bytes. */
  readonly maxSize: number
}

/** A part of a content. `bytes`: a file as it is. */
export type Piece =
  | { readonly kind: 'text'; readonly part: ContentPart; readonly text: string }
  | { readonly kind: 'bytes'; readonly part: ContentPart; readonly bytes: Uint8Array }

/** The bytes of a file that the request names. */
export async function readNamed(
  path: Written,
  { file, files, filling, maxSize }: ContentContext,
): Promise<Uint8Array> {
  return await placed(path, async () => {
    const { text, remembered } = await filling.fill(path.text)
    const bytes = await files.read(files.resolve(file, text))
    if (bytes === undefined)
      throw new Failure('NO_FILE', `There is no file ${remembered}; paths are relative to the request file.`)
    if (bytes.length > maxSize)
      throw new Failure(
        'TOO_LARGE',
        `The file ${remembered} has ${bytes.length} bytes, and at most ${maxSize} are sent.`,
      )
    return bytes
  })
}

/** The parts with their files read. A file whose placeholders are filled is text. */
export async function piecesOf(content: readonly ContentPart[], context: ContentContext): Promise<Piece[]> {
  const pieces: Piece[] = []
  let size = 0
  for (const part of content) {
    if (part.kind === 'text') {
      pieces.push({ kind: 'text', part, text: part.text })
      size += part.text.length
    } else {
      const bytes = await readNamed(part.path, context)
      const text = part.isFilled ? decodeUtf8(bytes) : undefined
      if (part.isFilled && text === undefined)
        await placed(part.path, () => {
          throw new Failure(
            'NOT_TEXT',
            'The file is not UTF-8 text; write < in place of <@ to send its bytes.',
          )
        })
      pieces.push(text === undefined ? { kind: 'bytes', part, bytes } : { kind: 'text', part, text })
      size += bytes.length
    }
    if (size > context.maxSize)
      await placed(part, () => {
        throw new Failure('TOO_LARGE', `The content has more than ${context.maxSize} bytes; make it shorter.`)
      })
  }
  return pieces
}

/** The bytes of the pieces with their placeholders filled by `fill`, and as they are remembered. */
export async function filledBytes(
  pieces: readonly Piece[],
  fill: (text: string) => Promise<Filled>,
): Promise<{ readonly bytes: Uint8Array; readonly remembered: Uint8Array }> {
  const encoder = new TextEncoder()
  const bytes: Uint8Array[] = []
  const remembered: Uint8Array[] = []
  for (const piece of pieces) {
    if (piece.kind === 'bytes') {
      bytes.push(piece.bytes)
      remembered.push(piece.bytes)
    } else {
      const filled: Filled = await placed(piece.part, () => fill(piece.text))
      bytes.push(encoder.encode(filled.text))
      remembered.push(encoder.encode(filled.remembered))
    }
  }
  return { bytes: concatenated(bytes), remembered: concatenated(remembered) }
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
