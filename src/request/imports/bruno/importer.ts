/** Imports the files of Bruno: `.bru`, its YAML, one file or those of a whole collection. */
import { fieldsOf } from '../../../shared/fields.ts'
import { SHARED } from '../../variables/environment-file.ts'
import { foreignJson, foreignYaml, textOf } from '../foreign-values.ts'
import type { ForeignFile, Imported, ImportedEnvironment, Importer } from '../imported.ts'
import { someOf } from '../some-of.ts'
import type { BrunoEnvironment, BrunoItem, BrunoRequest, BrunoScope, PlacedItem } from './item.ts'
import { brunoTranslation } from './placeholders.ts'
import { readBru } from './read-bru.ts'
import { readBrunoYaml } from './read-yaml.ts'
import { brunoRequest } from './requests.ts'

const YAML_ITEM =
  /^(?:opencollection:|info:[^\n]*\n(?:[ \t#][^\n]*\n|\r?\n){0,50}(?:http|websocket|graphql|grpc|request|runtime|settings):)/m
const YAML_FOLDER =
  /^info:[^\n]*\n(?:[ \t][^\n]*\n){0,50}?[ \t]+type: (?:folder|http|websocket|graphql|grpc)\b/m
const BRU =
  /^(?:\s|\ufeff){0,100}(?:meta|vars|ws|get|post|put|delete|patch|headers|auth)(?::[\w-]{1,40})?[ \t]*[{[]/

export const BRUNO: Importer = {
  name: 'bruno',
  label: 'Bruno',
  extensions: ['bru', 'yml', 'yaml', 'json'],
  recognizes({ path, text }) {
    const [folder, fileName] = splitPath(path)
    if (/\.bru$/i.test(fileName) || fileName === 'bruno.json') return true
    if (path === undefined) return BRU.test(text)
    if (!/\.ya?ml$/i.test(fileName)) return false
    const isEnvironment = /(?:^|\/)environments\/$/.test(folder) && /^variables:/m.test(text)
    return isEnvironment || YAML_ITEM.test(text) || YAML_FOLDER.test(text)
  },
  read: (file) => readBruno([file]),
  readTogether: readBruno,
}

/** The folder with a slash at its end, and the name of the file. */
function splitPath(path = ''): [folder: string, fileName: string] {
  const parts = path.replaceAll('\\', '/').split('/')
  const fileName = parts.pop() ?? ''
  return [parts.map((part) => `${part}/`).join(''), fileName]
}

async function itemsOf(file: ForeignFile): Promise<PlacedItem[]> {
  const [folder, fileName] = splitPath(file.path)
  if (fileName === 'bruno.json') {
    const name = textOf(fieldsOf(foreignJson(file)).name)
    const rest = { docs: '', headers: [], auth: { mode: 'inherit', values: {} }, variables: [], left: [] }
    return [{ folder, fileName, item: { kind: 'collection', name, sequence: 0, ...rest } }]
  }
  if (/\.bru$/i.test(fileName) || file.path === undefined)
    return [{ folder, fileName, item: readBru(file, fileName) }]
  return readBrunoYaml(await foreignYaml(file), folder, fileName)
}

async function readBruno(files: readonly ForeignFile[]): Promise<Imported> {
  const placed: PlacedItem[] = []
  for (const file of files) for (const item of await itemsOf(file)) placed.push(item)
  const scopes = placed.filter(
    (each): each is Placed<BrunoScope> => each.item.kind === 'collection' || each.item.kind === 'folder',
  )
  const requests = placed.filter((each): each is Placed<BrunoRequest> => each.item.kind === 'request')
  const collections = scopes.filter(({ item }) => item.kind === 'collection').map(({ item }) => item)
  const texts = brunoTranslation()
  const results = requests
    .toSorted((one, other) => compare(one.folder, other.folder) || one.item.sequence - other.item.sequence)
    .map(({ folder, fileName, item }) => {
      const around = scopesOf(folder, scopes)
      const folders = around.filter(({ kind }) => kind === 'folder').map(({ name }) => name)
      const own = item.name || fileName.replace(/\.\w+$/, '')
      return brunoRequest(
        item,
        around,
        [...folders.toReversed(), own].filter((name) => name !== '').join(' / '),
      )
    })
  const name = collections.map((item) => item.name).find((each) => each !== '')
  const shared = texts.variables(collections.flatMap(({ variables }) => variables))
  const folders = scopes.filter(({ item }) => item.kind === 'folder')
  return {
    ...(name !== undefined && { name }),
    requests: results.flatMap((each) => (typeof each === 'string' ? [] : [each.request])),
    variables: [
      ...folders.flatMap(({ item }) => texts.variables(item.variables)),
      ...results.flatMap((each) => (typeof each === 'string' ? [] : each.variables)),
    ],
    environments: [
      ...(shared.length > 0 ? [{ name: SHARED, variables: shared }] : []),
      ...placed.flatMap(({ item, fileName }) =>
        item.kind === 'environment' ? [environmentOf(item, fileName)] : [],
      ),
    ],
    notTaken: [
      ...results.filter((each) => typeof each === 'string'),
      ...scopes.flatMap(({ item }) => item.left.map((each) => `${item.name || 'The collection'}: ${each}`)),
      ...widened([...folders, ...requests]),
      ...texts.notTaken,
    ],
  }
}

/** A file of requests has no variables for some of them. */
function widened(items: readonly Placed<BrunoRequest | BrunoScope>[]): string[] {
  const names = items.filter(({ item }) => item.variables.length > 0).map(({ item }) => item.name)
  if (names.length === 0) return []
  return [`Variables that apply to all requests here were only for: ${someOf(names)}`]
}

type Placed<Item extends BrunoItem> = PlacedItem & { readonly item: Item }

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** The folders that a folder is in, and the collection, the innermost first. */
function scopesOf(folder: string, scopes: readonly Placed<BrunoScope>[]): BrunoScope[] {
  return scopes
    .filter((scope) => folder.startsWith(scope.folder))
    .toSorted((one, other) => other.folder.length - one.folder.length)
    .map(({ item }) => item)
}

function environmentOf(
  { name, variables, secrets }: BrunoEnvironment,
  fileName: string,
): ImportedEnvironment {
  const texts = brunoTranslation()
  return {
    name: name || fileName.replace(/\.\w+$/, '') || 'environment',
    variables: [
      ...texts.variables(variables),
      ...texts.variables(secrets.map((secret) => ({ name: secret, value: '' }))).map((each) => ({
        ...each,
        value: `{{$secret ${each.name.toUpperCase()}}}`,
      })),
    ],
  }
}
