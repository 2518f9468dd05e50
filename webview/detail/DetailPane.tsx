import type { EventDetail } from '../../src/shared/protocol.ts'
import { DETAIL_ID, GRID_ID } from '../list/EventList.tsx'
import { usePanel } from '../panel.ts'
import { TABS, type Tab } from '../store/layout.ts'
import { HeadersTab } from './HeadersTab.tsx'
import { HexTab } from './HexTab.tsx'
import { PayloadTab } from './PayloadTab.tsx'
import { TimingTab } from './TimingTab.tsx'

const TAB_NAMES: Readonly<Record<Tab, string>> = {
  payload: 'Payload',
  hex: 'Hex',
  headers: 'Headers',
  timing: 'Timing',
}

const TAB_VIEWS: Readonly<Record<Tab, (props: { detail: EventDetail }) => preact.JSX.Element>> = {
  payload: PayloadTab,
  hex: HexTab,
  headers: HeadersTab,
  timing: TimingTab,
}

/** The selected event in full. */
export function DetailPane() {
  const { selection, layout } = usePanel()
  const selected = selection.current.value
  const tab = layout.current.value.tab
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') document.getElementById(GRID_ID)?.focus()
  }
  return (
    <section class="detail" aria-label="Details" onKeyDown={onKeyDown}>
      <Tabs tab={tab} onSelect={(next) => layout.change({ tab: next })} />
      <div
        id={DETAIL_ID}
        class="detail-body"
        role="tabpanel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a tab panel that scrolls takes the focus (ARIA APG, tabs).
        tabIndex={0}
        aria-labelledby={`tab-${tab}`}
        aria-busy={selected !== undefined && selected.detail === undefined && selected.failure === undefined}
      >
        {selected === undefined ? (
          <p class="hint">Select an event to see its payload, headers and timing.</p>
        ) : selected.failure !== undefined ? (
          <p class="hint tone-error" role="alert">
            {selected.failure}
          </p>
        ) : selected.detail === undefined ? null : (
          <View tab={tab} detail={selected.detail} />
        )}
      </div>
    </section>
  )
}

function View({ tab, detail }: { tab: Tab; detail: EventDetail }) {
  const Content = TAB_VIEWS[tab]
  return <Content detail={detail} key={detail.index} />
}

function Tabs({ tab, onSelect }: { tab: Tab; onSelect: (tab: Tab) => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onSelect(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label="Details" onKeyDown={onKeyDown}>
      {TABS.map((name) => (
        <button
          type="button"
          role="tab"
          id={`tab-${name}`}
          key={name}
          aria-selected={name === tab}
          aria-controls={DETAIL_ID}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => onSelect(name)}
        >
          {TAB_NAMES[name]}
        </button>
      ))}
    </div>
  )
}
