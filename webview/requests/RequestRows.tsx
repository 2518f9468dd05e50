/** The requests of connections, below the composer: their messages to send, and what their scripts are doing. */
import * as l10n from '@vscode/l10n'
import type { ConnectionRequest, RequestMessage } from '../../src/shared/protocol/saved-requests.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { scriptWords } from '../format/script.ts'
import { usePage } from '../state/page.ts'
import { Chip, LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'

/** Messages that have a button. The others are in the file. */
const MOST_BUTTONS = 12
/** Characters of a message that has no name. */
const MOST_TEXT = 24

interface RequestRowsProps {
  /** The connection that the composer sends to. */
  readonly meant: ConnectionStatus | undefined
}

/** The request of the connection that the composer sends to, and those whose scripts wait or have a problem. */
export function RequestRows({ meant }: RequestRowsProps) {
  const { savedRequests, session } = usePage()
  return (
    <>
      {savedRequests.current.value.ofConnections.map((request) => {
        const connection = session.connection(request.connection)
        const isMeant = request.connection === meant?.id
        if (connection === undefined || !(isMeant || isBusy(connection))) return null
        return <RequestRow key={connection.id} connection={connection} request={request} isMeant={isMeant} />
      })}
    </>
  )
}

function isBusy({ script, canSend }: ConnectionStatus): boolean {
  return canSend && (script?.waitsFor !== undefined || script?.problem !== undefined)
}

interface RequestRowProps {
  readonly connection: ConnectionStatus
  readonly request: ConnectionRequest
  /** Its messages can be sent here. */
  readonly isMeant: boolean
}

function RequestRow({ connection, request, isMeant }: RequestRowProps) {
  const page = usePage()
  const { id, script, state } = connection
  const { name, file, messages } = request
  const isOpen = state === 'open'
  const isRunning = script?.waitsFor !== undefined
  const shown = isMeant ? messages.slice(0, MOST_BUTTONS) : []
  return (
    <div class="repeat-row request-row" role="group" aria-label={l10n.t('Request {0}', name)}>
      <LinkButton title={l10n.t('Edit {0} in {1}', name, file)} onClick={() => edit(id)}>
        <Icon name="file-code" /> {name}
      </LinkButton>
      {shown.map((message) => (
        <Chip
          key={message.step}
          class="request-message"
          disabled={!isOpen}
          title={message.text}
          aria-label={l10n.t('Send {0}', labelOf(message))}
          onClick={() => void page.call('sendStep', { id, step: message.step })}
        >
          <Icon name="send" /> <span class="clip">{labelOf(message)}</span>
        </Chip>
      ))}
      {isMeant && messages.length > shown.length && (
        <LinkButton onClick={() => edit(id)}>
          {l10n.t('{0} more in the file', messages.length - shown.length)}
        </LinkButton>
      )}
      {isMeant && messages.length > 1 && (
        <Chip disabled={!isOpen || isRunning} onClick={() => void page.call('sendScript', { id })}>
          <Icon name="run-all" /> {l10n.t('Send All')}
        </Chip>
      )}
      {isRunning && (
        <Chip onClick={() => void page.call('stopScript', { id })}>
          <Icon name="debug-stop" /> {l10n.t('Stop')}
        </Chip>
      )}
      {script !== undefined && <span class="dim tabular">{scriptWords(script)}</span>}
      {script?.problem !== undefined && (
        <span class="rule-note tone-warn" role="status">
          {script.problem}
        </span>
      )}
    </div>
  )

  function edit(connection: number): void {
    void page.call('editRequest', { connection })
  }
}

/** Its name, or the beginning of its text. */
function labelOf({ name, text }: RequestMessage): string {
  if (name !== undefined) return name
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line
}
