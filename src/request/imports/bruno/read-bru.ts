/** Reads what a `.bru` file says. */
import { getOrMake } from '../../../shared/maps.ts'
import type { ForeignFile } from '../imported.ts'
import type { Pair } from '../parts.ts'
import { type BruBlock, type BruPair, parseBru } from './bru.ts'
import {
  type BrunoAuth,
  type BrunoBody,
  type BrunoItem,
  type BrunoMessage,
  leftSentences,
  NO_BODY,
} from './item.ts'

const METHODS = new Set(['get', 'post', 'put', 'delete', 'patch', 'options', 'head', 'connect', 'trace'])
const FORMS: Readonly<Record<string, string>> = {
  'form-urlencoded': 'body:form-urlencoded',
  'multipart-form': 'body:multipart-form',
  file: 'body:file',
}
const MODES: Readonly<Record<string, string>> = {
  formUrlEncoded: 'form-urlencoded',
  multipartForm: 'multipart-form',
}

/** Reads a file. `fileName` is without its folder. Throws a `Failure` `BAD_FILE`. */
export function readBru({ path, text }: ForeignFile, fileName: string): BrunoItem {
  const bru = new Bru(parseBru(text, path))
  const { meta } = bru
  const common = {
    name: meta.name ?? '',
    docs: bru.text('docs'),
    headers: bru.enabled('headers'),
    auth: bru.auth(),
    variables: bru.enabled('vars:pre-request'),
    left: bru.left(),
    sequence: Number(meta.seq) || 0,
  }
  const line = bru.requestLine()
  if (line === undefined) {
    const isEnvironment = bru.has('vars') || bru.has('vars:secret')
    if (isEnvironment)
      return {
        kind: 'environment',
        name: '',
        variables: bru.enabled('vars'),
        secrets: bru.items('vars:secret').filter((name) => !name.startsWith('~')),
      }
    return { ...common, kind: fileName === 'folder.bru' ? 'folder' : 'collection' }
  }
  return {
    ...common,
    kind: 'request',
    type: line.type || (meta.type ?? 'http'),
    method: line.method,
    url: line.fields.url ?? '',
    pathParameters: bru.enabled('params:path'),
    body: bru.body(line.fields.body ?? 'none'),
    messages: bru.messages(),
    timeout: Number(bru.fields('settings').timeout) || 0,
  }
}

interface RequestLine {
  /** Empty if it is that of HTTP. */
  readonly type: string
  readonly method: string
  readonly fields: Readonly<Record<string, string>>
}

class Bru {
  readonly #blocks = new Map<string, BruBlock[]>()

  constructor(blocks: readonly BruBlock[]) {
    for (const block of blocks) getOrMake(this.#blocks, block.name, () => []).push(block)
  }

  get meta(): Readonly<Record<string, string>> {
    return this.fields('meta')
  }

  has(name: string): boolean {
    return this.#blocks.has(name)
  }

  text(name: string): string {
    return this.#all(name)
      .map(({ text }) => text)
      .join('\n')
      .trim()
  }

  items(name: string): string[] {
    return this.#all(name).flatMap(({ items }) => items)
  }

  enabled(name: string): Pair[] {
    return this.#pairs(name).filter(({ isDisabled }) => !isDisabled)
  }

  fields(name: string): Readonly<Record<string, string>> {
    return fieldsOfPairs(this.#pairs(name))
  }

  requestLine(): RequestLine | undefined {
    for (const name of this.#blocks.keys()) {
      const isOther = name === 'ws' || name === 'grpc' || name === 'http'
      if (!isOther && !METHODS.has(name)) continue
      const fields = this.fields(name)
      const method = name === 'http' ? (fields.method ?? 'get') : isOther ? '' : name
      return { type: name === 'ws' || name === 'grpc' ? name : '', method: method.toUpperCase(), fields }
    }
    return undefined
  }

  auth(): BrunoAuth {
    const line = this.requestLine()
    const mode = line === undefined ? (this.fields('auth').mode ?? 'inherit') : (line.fields.auth ?? 'none')
    return { mode, values: this.fields(`auth:${mode}`) }
  }

  body(written: string): BrunoBody {
    const mode = MODES[written] ?? written
    const form = FORMS[mode]
    if (form !== undefined) return { ...NO_BODY, mode, fields: this.enabled(form) }
    if (mode === 'graphql')
      return {
        ...NO_BODY,
        mode,
        text: this.text('body:graphql'),
        variables: this.text('body:graphql:vars'),
      }
    return { ...NO_BODY, mode, text: this.text(`body:${mode}`) || this.text('body') }
  }

  messages(): BrunoMessage[] {
    return this.#all('body:ws').map(({ pairs }) => {
      const { name = '', type = 'json', content = '' } = fieldsOfPairs(pairs)
      return { name, type, content }
    })
  }

  left(): string[] {
    const disabled = (names: readonly string[]) =>
      names.flatMap((name) => this.#pairs(name)).filter(({ isDisabled }) => isDisabled).length
    return leftSentences({
      headers: disabled(['headers', 'params:query', ...Object.values(FORMS)]),
      variables: disabled(['vars:pre-request']),
      scripts: this.has('script:pre-request') || this.has('script:post-response'),
      tests: this.has('tests') || this.has('assert'),
      values: this.has('vars:post-response'),
      keepAlive: Number(this.fields('settings').keepAliveInterval) || 0,
    })
  }

  #all(name: string): readonly BruBlock[] {
    return this.#blocks.get(name) ?? []
  }

  #pairs(name: string): BruPair[] {
    return this.#all(name).flatMap(({ pairs }) => pairs)
  }
}

function fieldsOfPairs(pairs: readonly BruPair[]): Readonly<Record<string, string>> {
  const fields: Record<string, string> = Object.create(null)
  for (const { name, value } of pairs) fields[name] = value
  return fields
}
