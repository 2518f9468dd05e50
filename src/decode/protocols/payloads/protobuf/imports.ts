/** Reads files with message types, together with those that they import. */
import { Failure } from '../../../../shared/failure.ts'
import { isSchemaText, type MissingImport, type SchemaFiles } from '../../../../shared/protocol/decoding.ts'

/** Limits of all files together. */
const MAX_FILES = 500
const MAX_BYTES = 4 * 1024 * 1024

/** The files of a machine or an editor. */
export interface SchemaPlace<File> {
  /** The name of a file for people, which no other file has. */
  nameOf(file: File): string
  /** Undefined if the file does not exist. Throws a `Failure` if it cannot be read. */
  read(file: File): Promise<Uint8Array | undefined>
  /** The folders in which to look for what a file imports, in order. */
  foldersOf(file: File): readonly File[]
  /** The file at a path in a folder. */
  join(folder: File, path: string): File
}

export interface FoundSchemas {
  readonly files: SchemaFiles
  readonly missing: readonly MissingImport[]
}

/** A folder and those above it up to `top`. Only the folder itself if it is not in `top`. */
export function foldersUpTo(folder: string, top: string, parentOf: (folder: string) => string): string[] {
  const folders = [folder]
  for (let at = folder; at !== top; folders.push(at)) {
    const parent = parentOf(at)
    if (parent === at) return [folder]
    at = parent
  }
  return folders
}

/** A `Failure` `NO_FILE` or `TOO_LARGE` says why the files cannot be used. */
export async function readSchemas<File>(
  chosen: readonly File[],
  place: SchemaPlace<File>,
): Promise<FoundSchemas> {
  const reading = new Reading(place)
  for (const file of chosen)
    if (!(await reading.add(file)))
      throw new Failure('NO_FILE', `${place.nameOf(file)} cannot be read: the file does not exist.`)
  await reading.addImports()
  return reading
}

class Reading<File> implements FoundSchemas {
  readonly files: Record<string, SchemaFiles[string]> = Object.create(null)
  readonly missing: MissingImport[] = []
  readonly #place: SchemaPlace<File>
  /** Files whose imports have not been read. */
  readonly #waiting: { readonly file: File; readonly text: string }[] = []
  #bytes = 0

  constructor(place: SchemaPlace<File>) {
    this.#place = place
  }

  /** Returns false if the file does not exist. */
  async add(file: File): Promise<boolean> {
    const name = this.#place.nameOf(file)
    if (name in this.files) return true
    const bytes = await this.#place.read(file)
    if (bytes === undefined) return false
    this.#bytes += bytes.length
    if (this.#bytes > MAX_BYTES || Object.keys(this.files).length >= MAX_FILES)
      throw new Failure(
        'TOO_LARGE',
        `The files and their imports are more than ${MAX_FILES}, or larger than 4 MiB together. Choose fewer or smaller ones.`,
      )
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (isSchemaText(name)) {
      const text = buffer.toString()
      this.files[name] = text
      this.#waiting.push({ file, text })
    } else this.files[name] = { base64: buffer.toString('base64') }
    return true
  }

  async addImports(): Promise<void> {
    for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop())
      for (const path of importsIn(next.text)) await this.#addImport(path, next.file)
  }

  async #addImport(path: string, importer: File): Promise<void> {
    const folders = isInside(path) ? this.#place.foldersOf(importer) : []
    for (const folder of folders) if (await this.add(this.#place.join(folder, path))) return
    this.missing.push({
      file: this.#place.nameOf(importer),
      imports: path,
      folders: folders.map((folder) => this.#place.nameOf(folder)),
    })
  }
}

/** The paths that a `.proto` file imports. One in a comment does no harm: a file that is not found may not be needed. */
function importsIn(text: string): readonly string[] {
  const statements = text.matchAll(/(?:^|;)[ \t]*import[ \t]+(?:[a-z]+[ \t]+)?(["'])([^"'\n]+)\1/gm)
  return [...statements].map(([, , path = '']) => path)
}

/** Whether a path cannot lead out of a folder. */
function isInside(path: string): boolean {
  return !/^\/|[\\:\0]/.test(path) && !path.split('/').includes('..')
}
