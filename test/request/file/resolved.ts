/** Runs what a text says up to the connection: reading, and resolving with no variables but secrets. */
import assert from 'node:assert/strict'
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import { type ResolvedRequest, resolveRequest } from '../../../src/request/resolve.ts'
import { VariableScope } from '../../../src/request/variables/scope.ts'
import { composeMessage } from '../../../src/shared/compose/compose.ts'
import { scopeNow } from '../../../src/shared/compose/template.ts'
import type { RequestScript, ScriptStep } from '../../../src/shared/request-script.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { schemeOf } from '../../../src/shared/transports.ts'

/** The requests of a text. Secrets have their names as values. */
export async function resolved(text: string): Promise<ResolvedRequest[]> {
  const parsed = parseRequestFile(text)
  const requests: ResolvedRequest[] = []
  for (const request of parsed.requests)
    requests.push(
      await resolveRequest(request, {
        file: '/a.http',
        scope: new VariableScope({ file: '/a.http', parsed, request }),
        answers: {
          secret: async (name) => name,
          prompt: async (question) => question,
          token: async ({ name }) => `token of ${name}`,
          processEnv: () => undefined,
        },
        files: {
          read: async () => undefined,
          resolve: (_, reference) => reference,
        },
      }),
    )
  return requests
}

/** The only request of a text. */
export async function resolvedOnly(text: string): Promise<ResolvedRequest> {
  const [request, ...others] = await resolved(text)
  assert(request !== undefined, 'a request')
  assert.equal(others.length, 0, 'one request')
  return request
}

/** What a script does, with the bytes that it sends. */
export function played(steps: readonly ScriptStep[], script?: RequestScript): unknown[] {
  const scope = script && scopeNow(script.variables, 1)
  return steps.map((step) => {
    if (step.kind !== 'send') return step
    const { opcode, payload } = composeMessage(step.message, scope)
    return { name: step.name, opcode, sent: Buffer.from(payload).toString('latin1') }
  })
}

/** What a specification does: what is said in two ways becomes one. */
export function meaning({ url, transport = 'auto', method, headers = {}, ...spec }: ConnectionSpec) {
  const isSocket = schemeOf(url) === 'ws'
  const { body, subprotocols, tls, protocolOptions, ...rest } = spec
  const fields = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value.trim()}`),
  )
  const isPlain = transport === 'auto' && !isSocket && !/Accept: text\/event-stream/.test(fields.join('\n'))
  return {
    url: new URL(url).href,
    transport: isSocket ? 'websocket' : transport,
    method: isSocket ? method : (method ?? (body === undefined ? 'GET' : 'POST')),
    headers: fields,
    ...(isPlain && { plainResponse: true }),
    ...rest,
    body,
    subprotocols: subprotocols ?? [],
    tls: tls ?? {},
    protocolOptions: protocolOptions ?? {},
  }
}

/** With the values of secrets and without double braces in the URL. */
export function revealed(spec: ConnectionSpec): ConnectionSpec {
  return JSON.parse(JSON.stringify(spec).replaceAll(/\{\{\$secret (\w+)\}\}/g, '$1'))
}
