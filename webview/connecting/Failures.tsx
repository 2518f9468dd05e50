import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { isCertificateCode, reasonFirst, reasonOf } from '../../src/shared/failure.ts'
import { type ConnectionStatus, isOwn } from '../../src/shared/status.ts'
import { formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { useMedia } from '../ui/hooks.ts'
import { Icon } from '../ui/Icon.tsx'
import { TECHNIQUES } from './techniques.ts'

/** Failures that are shown beside the line that counts them, where there is room. */
const MOST_SHOWN = 2
const NARROW = '(max-width: 800px)'

/** Ways to read a response that was complete at once. */
const READINGS = ['poll', 'long-poll', 'http-stream'] as const

/** Why connections failed, and what to do about it. */
export function Failures() {
  const page = usePage()
  const [areAllShown, showAll] = useState(false)
  const isNarrow = useMedia(NARROW)
  const failures = page.isRecording ? [] : page.connecting.failures
  const areMany = failures.length > MOST_SHOWN
  const shown = !areMany || areAllShown ? failures : failures.slice(0, isNarrow ? 0 : MOST_SHOWN)
  return (
    <div role="alert" class="failures">
      {areMany && <ManyFailures failures={failures} areAllShown={areAllShown} onShow={showAll} />}
      <div class="failures-list">
        {shown.map((connection) => (
          <Failure key={connection.id} connection={connection} name={page.looks.nameOf(connection.id)} />
        ))}
      </div>
    </div>
  )
}

interface ManyFailuresProps {
  readonly failures: readonly ConnectionStatus[]
  readonly areAllShown: boolean
  onShow(all: boolean): void
}

/** One line for many failures. */
function ManyFailures({ failures, areAllShown, onShow }: ManyFailuresProps) {
  const page = usePage()
  const reasons = [...new Set(failures.map(({ error = '' }) => reasonOf(error)))].join(', ')
  return (
    <div class="notice failure-count tone-error">
      <Icon name="error" />
      <span class="clip" title={reasons}>
        <b>{l10n.t('{0} connections failed', formatCount(failures.length))}</b>{' '}
        <span class="dim">{reasons}</span>
      </span>
      <Chip aria-expanded={areAllShown} onClick={() => onShow(!areAllShown)}>
        {areAllShown ? l10n.t('Show Fewer') : l10n.t('Show All')}
      </Chip>
      {failures.some(isOwn) && (
        <Chip
          onClick={() => {
            for (const { id } of failures.filter(isOwn)) void page.call('reconnect', { id })
          }}
        >
          {l10n.t('Retry All')}
        </Chip>
      )}
      <IconButton
        icon="close"
        name={l10n.t('Dismiss All')}
        onClick={() => {
          for (const each of failures) page.connecting.settle(each)
        }}
      />
    </div>
  )
}

interface FailureProps {
  readonly connection: ConnectionStatus
  readonly name: string
}

function Failure({ connection, name }: FailureProps) {
  const page = usePage()
  const { connecting } = page
  const { error = '', errorCode = '' } = connection
  const reason = reasonOf(error)
  const isPlain = errorCode === 'PLAIN_RESPONSE'
  return (
    <div class={`notice failure tone-${isPlain ? 'quiet' : 'error'}`} title={connection.url}>
      <Icon name={isPlain ? 'question' : 'error'} />
      <span class={`failure-words connection-${page.looks.colorOf(connection.id)}`}>
        <b class="connection-name">{name}</b>{' '}
        {isPlain ? l10n.t('The response was complete at once, so it is not a stream.') : <b>{reason}</b>}{' '}
        <span class="dim">{isPlain ? '' : advice(error, reason, errorCode)}</span>
      </span>
      <span class="failure-actions">
        {isPlain && <ReadItAs connection={connection} />}
        {!isPlain && isOwn(connection) && (
          <>
            {isCertificateCode(errorCode) && errorCode !== 'CERT_REVOKED' && (
              <Chip onClick={() => void connecting.connectAs(connection, { insecure: true })}>
                {l10n.t('Connect Anyway')}
              </Chip>
            )}
            <Chip
              aria-label={l10n.t('Retry {0}', name)}
              onClick={() => void page.call('reconnect', { id: connection.id })}
            >
              {l10n.t('Retry')}
            </Chip>
          </>
        )}
        {isOwn(connection) && (
          <Chip
            aria-label={l10n.t('Edit {0}…', name)}
            onClick={() => void connecting.openForm({ connection: connection.id })}
          >
            {l10n.t('Edit…')}
          </Chip>
        )}
        <IconButton
          icon="close"
          name={l10n.t('Dismiss {0}', name)}
          onClick={() => connecting.settle(connection)}
        />
      </span>
    </div>
  )
}

/** What to try, as a sentence. */
function advice(error: string, reason: string, code: string): string {
  if (isCertificateCode(code) && code !== 'CERT_REVOKED')
    return l10n.t(
      '“Connect Anyway” does not check who the server is, for this one connection. Use it only for a server that you trust.',
    )
  const rest = reasonFirst(error).slice(reason.length).replace(/^; /, '')
  return rest.charAt(0).toUpperCase() + rest.slice(1)
}

function ReadItAs({ connection }: { readonly connection: ConnectionStatus }) {
  const { connecting } = usePage()
  return (
    <>
      <span class="dim">{l10n.t('Read It As')}</span>
      {READINGS.map((transport) => (
        <Chip
          key={transport}
          title={TECHNIQUES[transport].hint}
          aria-label={l10n.t('Read It As {0}', TECHNIQUES[transport].name)}
          onClick={() => void connecting.connectAs(connection, { transport })}
        >
          {TECHNIQUES[transport].name}
        </Chip>
      ))}
    </>
  )
}
