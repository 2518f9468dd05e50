/** What the connections of a recording were, as requests that are imported. */
import { Failure } from '../../shared/failure.ts'
import type { MadeRequest } from '../../shared/protocol/requests.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { parseRecordedSpec } from '../parse-spec.ts'
import { sentSteps } from '../saving/sent-steps.ts'
import { isMadeByClient } from './client-headers.ts'
import type { Imported, ImportedRequest } from './imported.ts'

/** `omitted`: how many connections are not among those that were made. */
export function importedOf(made: readonly MadeRequest[], omitted: number): Imported {
  const requests: ImportedRequest[] = []
  const notTaken = omitted === 0 ? [] : [`${omitted} more connections were not imported.`]
  for (const each of made) {
    const request = requestOf(each)
    if (request instanceof Failure) notTaken.push(`A connection was not imported. ${request.message}`)
    else requests.push(request)
  }
  return { requests, notTaken }
}

/** The request, or why it cannot be made again. */
function requestOf({ spec, sent, omitted }: MadeRequest): ImportedRequest | Failure {
  try {
    return {
      spec: withoutClientHeaders(parseRecordedSpec(spec)),
      steps: sentSteps(sent),
      notTaken:
        omitted === 0 ? [] : [`${omitted} messages that were sent are not kept and were not imported.`],
    }
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw thrown
  }
}

/** Browsers record all headers, also those that every client makes. */
function withoutClientHeaders({ headers, ...spec }: ConnectionSpec): ConnectionSpec {
  const isSocket = spec.transport === 'websocket'
  const kept = Object.entries(headers ?? {}).filter(([name]) => !isMadeByClient(name, isSocket))
  return { ...spec, ...(kept.length > 0 && { headers: Object.fromEntries(kept) }) }
}
