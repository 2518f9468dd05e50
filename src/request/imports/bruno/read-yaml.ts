/** Reads what a file in Bruno's YAML says: OpenCollection, one item a file, or a whole collection in one. */
import { fieldsOf, isFields } from '../../../shared/fields.ts'
import { listOf, textOf } from '../foreign-values.ts'
import type { Pair } from '../parts.ts'
import {
  type BrunoAuth,
  type BrunoBody,
  type BrunoEnvironment,
  type BrunoItem,
  type BrunoMessage,
  leftSentences,
  NO_BODY,
  type PlacedItem,
} from './item.ts'

/** The members with the request, by `info.type`. */
const DETAILS: Readonly<Record<string, string>> = {
  http: 'http',
  websocket: 'websocket',
  graphql: 'graphql',
  grpc: 'grpc',
}

/** The items of a file, with what is in it. */
export function readBrunoYaml(value: unknown, folder: string, fileName: string): PlacedItem[] {
  const file = fieldsOf(value)
  const info = fieldsOf(file.info)
  const item = itemOf(value)
  const isFolder = textOf(info.type) === 'folder' && !/^folder\.ya?ml$/i.test(fileName)
  const inside = isFolder ? `${folder}${textOf(info.name).replaceAll('/', '-') || 'folder'}/` : folder
  const environments = listOf(fieldsOf(file.config).environments).map(environmentOf)
  return [
    { folder: inside, fileName, item },
    ...environments.map((environment) => ({ folder, fileName, item: environment })),
    ...listOf(file.items).flatMap((each) => readBrunoYaml(each, inside, '')),
  ]
}

function itemOf(value: unknown): BrunoItem {
  const file = fieldsOf(value)
  const info = fieldsOf(file.info)
  if (file.info === undefined && Array.isArray(file.variables)) return environmentOf(file)
  const type = textOf(info.type)
  const details = DETAILS[type]
  const isRequest = details !== undefined || (type !== 'folder' && isFields(file.http))
  const request = fieldsOf(isRequest ? file[details ?? 'http'] : file.request)
  const runtime = fieldsOf(file.runtime)
  const variables = listOf(isRequest ? runtime.variables : request.variables)
  const settings = fieldsOf(file.settings)
  const common = {
    name: textOf(info.name),
    docs: textOf(file.docs) || textOf(fieldsOf(file.docs).content),
    headers: pairsOf(request.headers),
    auth: authOf(request.auth),
    variables: pairsOf(variables),
    sequence: Number(textOf(info.seq)) || 0,
    left: leftSentences({
      headers: disabledIn(request.headers) + disabledIn(request.params),
      variables: disabledIn(variables),
      scripts: hasScript(runtime.scripts ?? request.scripts, false),
      tests: hasScript(runtime.scripts ?? request.scripts, true) || listOf(runtime.assertions).length > 0,
      values: listOf(runtime.actions).length > 0,
      keepAlive: Number(textOf(settings.keepAliveInterval)) || 0,
    }),
  }
  if (!isRequest) return { ...common, kind: type === 'folder' ? 'folder' : 'collection' }
  return {
    ...common,
    kind: 'request',
    type: type === 'websocket' ? 'ws' : type || 'http',
    method: textOf(request.method).toUpperCase(),
    url: textOf(request.url),
    pathParameters: pairsOf(listOf(request.params).filter((each) => fieldsOf(each).type === 'path')),
    body: bodyOf(request, type === 'graphql'),
    messages: messagesOf(request.message),
    timeout: Number(textOf(settings.timeout)) || 0,
  }
}

function environmentOf(value: unknown): BrunoEnvironment {
  const { name, variables } = fieldsOf(value)
  const isSecret = (each: unknown) => fieldsOf(each).secret === true
  return {
    kind: 'environment',
    name: textOf(name),
    variables: pairsOf(listOf(variables).filter((each) => !isSecret(each))),
    secrets: pairsOf(listOf(variables).filter(isSecret)).map((pair) => pair.name),
  }
}

/** Those that are not disabled. A value may have a type. */
function pairsOf(list: unknown): Pair[] {
  return listOf(list)
    .map(fieldsOf)
    .filter(({ disabled, name }) => disabled !== true && textOf(name) !== '')
    .map(({ name, value }) => ({ name: textOf(name), value: textOf(value) || textOf(fieldsOf(value).data) }))
}

function disabledIn(list: unknown): number {
  return listOf(list).filter((each) => fieldsOf(each).disabled === true).length
}

function hasScript(list: unknown, isTest: boolean): boolean {
  return listOf(list).some((each) => (textOf(fieldsOf(each).type) === 'tests') === isTest)
}

function authOf(value: unknown): BrunoAuth {
  if (typeof value === 'string') return { mode: value, values: {} }
  const { type, ...rest } = fieldsOf(value)
  const values = Object.entries(rest).map(([name, each]) => [name, textOf(each)] as const)
  return { mode: textOf(type) || 'inherit', values: Object.fromEntries(values) }
}

function bodyOf(request: Readonly<Record<string, unknown>>, isGraphql: boolean): BrunoBody {
  // Of several bodies, Bruno sends the one that is selected.
  const list = listOf(request.body).map(fieldsOf)
  const chosen = list.find(({ selected }) => selected === true) ?? list[0]
  const body = fieldsOf(chosen === undefined ? request.body : chosen.body)
  if (isGraphql)
    return { ...NO_BODY, mode: 'graphql', text: textOf(body.query), variables: textOf(body.variables) }
  // Earlier versions wrote `mode`, and the content by its name.
  const mode = textOf(body.type) || textOf(body.mode)
  if (mode === '') return NO_BODY
  const data = body.data ?? body[mode]
  return { ...NO_BODY, mode, text: textOf(data), fields: pairsOf(data) }
}

function messagesOf(value: unknown): BrunoMessage[] {
  const list = Array.isArray(value) ? value.map(fieldsOf) : isFields(value) ? [{ message: value }] : []
  return list.map((each) => {
    const { title, message } = fieldsOf(each)
    const { type, data } = fieldsOf(message)
    return { name: textOf(title), type: textOf(type) || 'json', content: textOf(data) }
  })
}
