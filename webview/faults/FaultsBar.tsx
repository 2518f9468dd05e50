import * as l10n from '@vscode/l10n'
import { formatFault } from '../../src/shared/faults/fault-text.ts'
import { faultWords } from '../../src/shared/faults/fault-words.ts'
import { PRESETS } from '../../src/shared/faults/presets.ts'
import type { FaultSpec } from '../../src/shared/faults.ts'
import type { ProxyStatus } from '../../src/shared/protocol/traffic.ts'
import { type ConnectionStatus, canEnd } from '../../src/shared/status.ts'
import { faultsOn, heldCount, heldMessages, proxyOf } from '../state/faults.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { FaultForm } from './FaultForm.tsx'
import { HeldMessages } from './HeldMessages.tsx'

const WORDS = faultWords(l10n)

/** The faults of the connection that the user chose, and the messages that proxies hold. */
export function FaultsBar() {
  const { session, faults } = usePage()
  const status = session.status.value
  if (status === undefined) return null
  const connection = status.connections.find(({ id }) => id === faults.shown.value)
  const proxy = connection && proxyOf(status, connection)
  const held = heldMessages(status)
  if (proxy === undefined && held.length === 0) return null
  return (
    <section class="bar composer faults" aria-label={l10n.t('Faults on Purpose')}>
      {connection !== undefined && proxy !== undefined && <Faults connection={connection} proxy={proxy} />}
      {held.length > 0 && <HeldMessages held={held} count={heldCount(status)} />}
    </section>
  )
}

interface FaultsProps {
  readonly connection: ConnectionStatus
  readonly proxy: ProxyStatus
}

function Faults({ connection, proxy }: FaultsProps) {
  const page = usePage()
  const { id } = connection
  const { faults, isOwn } = faultsOn(proxy, id)
  const set = (next: readonly FaultSpec[]) =>
    void page.call('setFaults', { proxy: proxy.id, connection: id, faults: next })
  return (
    <div class="automatic">
      <div class="automatic-head">
        <h2>{l10n.t('Faults on Purpose')}</h2>
        <span class="dim clip">
          {isOwn || faults.length === 0
            ? l10n.t('on {0}, over all reconnects', page.looks.longNameOf(connection))
            : l10n.t('on all connections of the proxy')}
        </span>
        <span class="faults-acts">
          <Chip disabled={!canEnd(connection)} onClick={() => void page.call('cut', { connection: id })}>
            {l10n.t('Cut Now')}
          </Chip>
          <Chip disabled={!isOwn} onClick={() => set([])}>
            {l10n.t('Clear')}
          </Chip>
          <IconButton
            icon="close"
            name={l10n.t('Hide the faults')}
            onClick={() => {
              page.faults.shown.value = undefined
            }}
          />
        </span>
      </div>
      <ul class="rules" aria-label={l10n.t('Faults on Purpose')}>
        {faults.map((fault, index) => (
          <li key={`${index} ${formatFault(fault)}`} class="rule">
            <span class="rule-words mono clip">{formatFault(fault)}</span>
            {isOwn && (
              <IconButton
                icon="trash"
                name={l10n.t('Remove the fault {0}', formatFault(fault))}
                onClick={() => set(faults.filter((each) => each !== fault))}
              />
            )}
          </li>
        ))}
      </ul>
      <div class="automatic-form">
        <span class="dim">{l10n.t('Presets:')}</span>
        {PRESETS.map(({ name, faults: preset }) => (
          <Chip key={name} title={WORDS.models[name]} onClick={() => set(preset)}>
            {name}
          </Chip>
        ))}
      </div>
      <FaultForm
        add={(fault) =>
          page.host.call('setFaults', { proxy: proxy.id, connection: id, faults: [...faults, fault] })
        }
      />
    </div>
  )
}
