/** Postman: collections of version 2 in JSON and of version 3 in folders of YAML, and environments of both. */
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { SHARED } from '../../variables/environment-file.ts'
import { foreignJson, foreignYaml, isJsonObject, listOf, textOf } from '../foreign-values.ts'
import {
  type ForeignFile,
  type Imported,
  type ImportedEnvironment,
  type Importer,
  joinImported,
} from '../imported.ts'
import { variableName } from '../placeholders.ts'
import { PostmanTranslation } from './fields.ts'
import { readVersion2 } from './version-2.ts'
import { isVersion3, readVersion3 } from './version-3.ts'

const COLLECTION = /"schema"\s*:\s*"https:\/\/schema\.(?:get)?postman\.com\/|"_postman_id"/
const ENVIRONMENT = /"_postman_variable_scope"\s*:/
const ENVIRONMENT_NAME = /\.(environment|globals)\.ya?ml$/i
/** Characters that are looked at: what says it is near the beginning or the end. */
const LOOKED_AT = 20_000

export const postman: Importer = {
  name: 'postman',
  label: 'Postman',
  extensions: ['postman_collection.json', 'postman_environment.json', 'json', 'request.yaml', 'yaml', 'yml'],
  recognizes: (file) => isVersion2(file) || isEnvironment(file) || isYaml(file),
  read: (file) => readPostman([file]),
  readTogether: readPostman,
}

function isVersion2({ text }: ForeignFile): boolean {
  return isJsonObject(text) && COLLECTION.test(text.slice(0, LOOKED_AT))
}

function isEnvironment({ text }: ForeignFile): boolean {
  return isJsonObject(text) && ENVIRONMENT.test(text.slice(0, LOOKED_AT) + text.slice(-LOOKED_AT))
}

function isYaml({ path = '', text }: ForeignFile): boolean {
  return isVersion3(text) || (ENVIRONMENT_NAME.test(path) && /^values:/m.test(text.slice(0, LOOKED_AT)))
}

async function readPostman(files: readonly ForeignFile[]): Promise<Imported> {
  const read: Imported[] = []
  const yaml: ForeignFile[] = []
  for (const file of files) {
    if (isJsonObject(file.text)) read.push(readJson(file))
    else if (isVersion3(file.text)) yaml.push(file)
    else
      read.push(environmentOf(fieldsOf(await foreignYaml(file)), ENVIRONMENT_NAME.exec(file.path ?? '')?.[1]))
  }
  if (yaml.length > 0) read.push(await readVersion3(yaml))
  return joinImported(read)
}

function readJson(file: ForeignFile): Imported {
  const value = fieldsOf(foreignJson(file))
  // As Postman's API answers.
  const collection = value.collection === undefined ? value : fieldsOf(value.collection)
  return collection.item === undefined && value._postman_variable_scope !== undefined
    ? environmentOf(value, textOf(value._postman_variable_scope))
    : readVersion2(collection)
}

function environmentOf({ name, values }: Fields, scope = 'environment'): Imported {
  const texts = new PostmanTranslation()
  const enabled = listOf(values)
    .map(fieldsOf)
    .filter(({ enabled, disabled }) => enabled !== false && disabled !== true)
  const environment: ImportedEnvironment = {
    name: scope === 'globals' ? SHARED : textOf(name) || 'postman',
    variables: enabled
      .map(({ key, value, type, secret }) => ({
        name: variableName(textOf(key)),
        value: texts.text(textOf(value)),
        ...((type === 'secret' || secret === true) && { isSecret: true }),
      }))
      .filter((variable) => variable.name !== ''),
  }
  return { requests: [], environments: [environment], notTaken: texts.notTaken }
}
