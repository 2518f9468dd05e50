/** What a connection of a recording was, as a request that is imported. */
import type { MadeRequest } from '../../shared/protocol/requests.ts'
import { parseRecordedSpec } from '../parse-spec.ts'
import { sentSteps } from '../saving/sent-steps.ts'
import type { Imported, ImportedRequest } from './imported.ts'

/** Throws a `Failure` if a connection was not one that can be made again. */
export function importedOf(made: readonly MadeRequest[], omitted: number): Imported {
  return {
    requests: made.map(requestOf),
    notTaken: omitted === 0 ? [] : [`${omitted} more connections were not imported.`],
  }
}

function requestOf({ spec, sent, omitted }: MadeRequest): ImportedRequest {
  return {
    spec: parseRecordedSpec(spec),
    steps: sentSteps(sent),
    notTaken: omitted === 0 ? [] : [`${omitted} messages that were sent are not kept and were not imported.`],
  }
}
