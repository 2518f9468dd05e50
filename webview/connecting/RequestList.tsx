/** Requests of the workspace's files, to run by a press. */
import * as l10n from '@vscode/l10n'
import { matchesWords } from '../../src/request/typed-url.ts'
import type { ListedRequest, RequestName } from '../../src/shared/protocol/saved-requests.ts'
import { Icon } from '../ui/Icon.tsx'
import { techniqueOf } from './techniques.ts'

function describe(request: ListedRequest): string {
  return [request.protocol ?? techniqueOf(request).name, request.file].join(', ')
}

/** The requests that the words are about, or all of them. */
export function requestsWithWords(
  listed: readonly ListedRequest[],
  words: string,
  most: number,
): readonly ListedRequest[] {
  return listed
    .filter((each) => matchesWords(words.trim(), [each.name, each.file, each.url, techniqueOf(each).name]))
    .slice(0, most)
}

interface RequestListProps {
  readonly requests: readonly ListedRequest[]
  readonly onRun: (request: RequestName) => void
}

export function RequestList({ requests, onRun }: RequestListProps) {
  return (
    <ul class="starts">
      {requests.map((request) => (
        <li key={`${request.file}\n${request.name}`}>
          <button
            type="button"
            class="start"
            title={l10n.t('Run {0}: {1}', request.name, request.url)}
            onClick={() => onRun({ file: request.file, name: request.name })}
          >
            <Icon name={techniqueOf(request).icon} />
            <span class="start-words">
              <span class="clip">{request.name}</span>
              <span class="dim clip">{describe(request)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
