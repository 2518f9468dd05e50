/** Scenarios of polls and streams, for the HTTP engine (https://www.artillery.io/docs/reference/engines/http). */
import { isJson } from '../../../shared/text/json-text.ts'
import type { ArtilleryFile } from './artillery-file.ts'
import { escapedJson, escapedUrl, hasTemplate } from './placeholders.ts'
import type { RecordedClient, RequestAction } from './recorded-client.ts'
import { type Step, thinks } from './steps.ts'

/** Methods that the engine has. */
const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
/** Seconds that a response may take longer than the longest recorded one. */
const ALLOWANCE = 10

/** Adds the scenarios of polls and streams to the file. */
export function addRequestScenarios(clients: readonly RecordedClient[], file: ArtilleryFile): void {
  let longest = 0
  for (const client of clients) {
    const requests = client.actions.filter((each) => each.kind === 'request')
    for (const { time, endedAt } of requests) longest = Math.max(longest, endedAt - time)
    if (requests.some(({ isCutOff }) => isCutOff) && client.connect.transport !== 'poll')
      file.notes.add(
        `That the client ended the response of connection ${client.connections[0]}: Artillery reads a response to its end, and reports a timeout if the server does not end it`,
      )
    file.addScenario(client, undefined, flowOf(client, requests, file))
  }
  if (clients.length > 0) file.config.http = { timeout: Math.ceil(longest / 1000) + ALLOWANCE }
}

/** A request, the steps that send it, and the pause before it. */
interface Sent {
  readonly request: RequestAction
  readonly step: Step
  readonly pause: number
}

function flowOf(
  client: RecordedClient,
  requests: readonly RequestAction[],
  file: ArtilleryFile,
): readonly Step[] {
  const sent: Sent[] = []
  let time = client.connect.time
  for (const request of requests) {
    const step = stepOf(client, request, file)
    if (step === undefined) continue
    sent.push({ request, step, pause: Math.max(0, request.time - time) })
    time = Math.max(time, request.endedAt)
  }
  return runsOf(sent).flatMap(stepsOf)
}

/** Requests that follow each other and are the same. */
function runsOf(sent: readonly Sent[]): readonly (readonly Sent[])[] {
  const runs: Sent[][] = []
  for (const each of sent) {
    const run = runs.at(-1)
    if (run !== undefined && JSON.stringify(run[0]?.step) === JSON.stringify(each.step)) run.push(each)
    else runs.push([each])
  }
  return runs
}

/** A run of requests is a loop, with the mean of the pauses between them. */
function stepsOf(run: readonly Sent[]): readonly Step[] {
  const [first, ...others] = run
  if (first === undefined) return []
  if (others.length === 0) return [...thinks(first.pause), first.step]
  const mean = others.reduce((sum, { pause }) => sum + pause, 0) / others.length
  return [...thinks(first.pause), { loop: [first.step, ...thinks(mean)], count: run.length }]
}

function stepOf(client: RecordedClient, request: RequestAction, file: ArtilleryFile): Step | undefined {
  const { connections } = client
  const method = request.method.toUpperCase()
  if (!METHODS.has(method)) {
    file.notes.add(
      `The ${method} request of connection ${connections[0]}, which the HTTP engine does not have`,
    )
    return undefined
  }
  const body = bodyOf(client, request, file)
  if (body === null) return undefined
  const headers = file.headersOf(client, request.headers)
  return {
    [method.toLowerCase()]: {
      url: file.secrets.fillUrl(file.pathOf(escapedUrl(request.url))),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(body !== undefined && { body }),
    },
  }
}

/** Null if the request cannot be sent with its body. */
function bodyOf(
  { connections }: RecordedClient,
  { body }: RequestAction,
  { secrets, notes }: ArtilleryFile,
): string | undefined | null {
  if (body === undefined || typeof body !== 'string') {
    if (body === undefined) return undefined
    notes.add(`A request of connection ${connections[0]}, because its body is binary`)
    return null
  }
  if (isJson(body)) return hasTemplate(body) ? escapedJson(body) : secrets.fillJson(body)
  if (!hasTemplate(body)) return secrets.fillUrl(body)
  notes.add(`A request of connection ${connections[0]}, because Artillery would replace {{ in its body`)
  return null
}
