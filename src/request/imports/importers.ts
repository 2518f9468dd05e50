/** The kinds of files that can be imported. To add one, add a row: the terminal, the editor and their help derive from it. */
import { Failure } from '../../shared/failure.ts'
import { getOrMake } from '../../shared/maps.ts'
import { ASYNCAPI } from './asyncapi/importer.ts'
import { BRUNO } from './bruno/importer.ts'
import { CURL } from './curl/importer.ts'
import { type ForeignFile, type Imported, type Importer, joinImported } from './imported.ts'
import { INSOMNIA } from './insomnia/importer.ts'
import { postman } from './postman/importer.ts'

/** In the order in which they are tried: what is certain before what is likely. */
export const IMPORTERS: readonly Importer[] = [postman, INSOMNIA, ASYNCAPI, BRUNO, CURL]

/** Characters of a file, and of all files together. */
export const MAX_FOREIGN = 32 * 1024 * 1024

/** What is read of a folder: so many files, folders that are nested so deeply, and not those that hold no requests. */
export const FOREIGN_FOLDER = {
  maxFiles: 2000,
  maxDepth: 12,
  skipped: new Set(['node_modules', '.git']),
} as const

/** How the names of files end that can be imported. */
export const IMPORT_EXTENSIONS: readonly string[] = [
  ...new Set(IMPORTERS.flatMap(({ extensions }) => extensions)),
]

/** The kind of a file; undefined if no importer knows it. */
export function importerOf(file: ForeignFile): Importer | undefined {
  return IMPORTERS.find((importer) => importer.recognizes(file))
}

/** The kind of a file. Throws a `Failure`: `UNKNOWN_FORMAT` or `TOO_LARGE`. */
function knownImporter(file: ForeignFile): Importer {
  const what = file.path ?? 'The text'
  if (file.text.length > MAX_FOREIGN)
    throw new Failure('TOO_LARGE', `${what} has more than ${MAX_FOREIGN} characters; import a smaller one.`)
  const importer = importerOf(file)
  if (importer === undefined)
    throw new Failure(
      'UNKNOWN_FORMAT',
      `${what} is not of a kind that can be imported: ${IMPORTERS.map(({ label }) => label).join(', ')}.`,
    )
  return importer
}

/** Reads a file. Rejects with a `Failure`: `UNKNOWN_FORMAT`, `TOO_LARGE`, or what its importer says. */
export async function readForeign(file: ForeignFile): Promise<Imported> {
  return await knownImporter(file).read(file)
}

/** What several files have. Files that say something of each other are read together, where the first one stands. */
export async function readAllForeign(files: readonly ForeignFile[]): Promise<Imported> {
  const groups = new Map<unknown, { readonly importer: Importer; readonly files: ForeignFile[] }>()
  for (const file of files) {
    const importer = knownImporter(file)
    const key = importer.readTogether === undefined ? file : importer
    getOrMake(groups, key, () => ({ importer, files: [] })).files.push(file)
  }
  const all: Imported[] = []
  for (const { importer, files: own } of groups.values())
    for (const read of [importer.readTogether?.(own) ?? own.map((file) => importer.read(file))].flat())
      all.push(await read)
  return joinImported(all)
}
