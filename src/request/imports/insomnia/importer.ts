/** Imports collections of Insomnia: YAML of version 5, JSON and YAML of version 4. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { SHARED } from '../../variables/environment-file.ts'
import { foreignValue, listOf, textOf } from '../foreign-values.ts'
import type { ForeignFile, Imported, ImportedVariable, Importer } from '../imported.ts'
import { InsomniaTranslation } from './placeholders.ts'
import { type InsomniaFolder, insomniaRequest, pairsOf } from './requests.ts'
import { asVersion5 } from './version-4.ts'

const VERSION_5 = /^["']?type["']?:[ \t]*["']?(?:collection|spec|environment)\.insomnia\.rest\/5\.\d/m
const VERSION_4 = /(?:^|[{,\s])["']?__export_format["']?:[ \t]*4\b/

export const INSOMNIA: Importer = {
  name: 'insomnia',
  label: 'Insomnia',
  extensions: ['yaml', 'yml', 'json'],
  recognizes: ({ text }) => VERSION_5.test(text) || VERSION_4.test(text.slice(0, 100_000)),
  read: readInsomnia,
}

async function readInsomnia(file: ForeignFile): Promise<Imported> {
  const value = fieldsOf(await foreignValue(file))
  const collection = value.__export_format === undefined ? value : asVersion5(value)
  const walk = new Walk()
  walk.list(listOf(collection.collection), [])
  const environments = fieldsOf(collection.environments)
  const texts = new InsomniaTranslation()
  const shared = variablesOf(environments.data, texts)
  return {
    name: textOf(collection.name),
    requests: walk.requests,
    variables: walk.variables,
    environments: [
      ...(shared.length > 0 ? [{ name: SHARED, variables: shared }] : []),
      ...listOf(environments.subEnvironments)
        .map(fieldsOf)
        .map(({ name, data }, index) => ({
          name: textOf(name) || `environment ${index + 1}`,
          variables: variablesOf(data, texts),
        })),
    ],
    notTaken: [
      ...walk.notTaken,
      ...texts.notTaken,
      ...(listOf(fieldsOf(collection.cookieJar).cookies).length > 0
        ? ['The cookies of the collection were not imported.']
        : []),
    ],
  }
}

/** What is found in folders. */
class Walk {
  readonly requests: Imported['requests'][number][] = []
  readonly variables: ImportedVariable[] = []
  readonly notTaken: string[] = []

  /** The depth of the list is bounded by its readers. */
  list(items: readonly unknown[], folders: readonly InsomniaFolder[]): void {
    const sorted = items.map(fieldsOf).toSorted((one, other) => sortKey(one) - sortKey(other))
    for (const item of sorted) {
      if (item.url === undefined && item.method === undefined && item.reflectionApi === undefined)
        this.#folder(item, folders)
      else this.#request(item, folders)
    }
  }

  #folder(item: Fields, folders: readonly InsomniaFolder[]): void {
    const { name, headers, authentication, environment, scripts } = item
    const folder = {
      name: textOf(name),
      headers: pairsOf(headers),
      authentication: fieldsOf(authentication),
    }
    const texts = new InsomniaTranslation()
    const variables = variablesOf(environment, texts)
    for (const each of variables) this.variables.push(each)
    const of = `The folder ${folder.name || 'without a name'}`
    if (variables.length > 0) this.notTaken.push(`${of} has variables, which apply to all requests here.`)
    if (Object.values(fieldsOf(scripts)).some((script) => textOf(script) !== ''))
      this.notTaken.push(`${of} has scripts, which were not imported.`)
    for (const each of texts.notTaken) this.notTaken.push(each)
    this.list(listOf(item.children), [folder, ...folders])
  }

  #request(item: Fields, folders: readonly InsomniaFolder[]): void {
    const result = insomniaRequest(item, folders)
    if (typeof result === 'string') {
      this.notTaken.push(result)
      return
    }
    this.requests.push(result.request)
    for (const each of result.variables) this.variables.push(each)
  }
}

function sortKey(item: Fields): number {
  const key = fieldsOf(item.meta).sortKey
  return typeof key === 'number' && Number.isFinite(key) ? key : 0
}

/** Objects in it are variables of their members: `{{a.b}}`. */
function variablesOf(data: unknown, texts: InsomniaTranslation, prefix = '', depth = 0): ImportedVariable[] {
  return Object.entries(fieldsOf(data)).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null)
      return depth < 8
        ? variablesOf(Object.fromEntries(Object.entries(value)), texts, `${prefix}${name}.`, depth + 1)
        : []
    return texts.variables([{ name: prefix + name, value: textOf(value) }])
  })
}
