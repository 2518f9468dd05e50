import type { EventDetail } from '../../src/shared/protocol.ts'
import { useWatch } from '../media/use-watch.ts'
import { WatchTab } from '../media/WatchTab.tsx'
import { DETAIL_ID, GRID_ID } from '../state/keyboard.ts'
import { TABS, type Tab } from '../state/layout.ts'
import { usePage } from '../state/page.ts'
import { useNoteSelection, useRelated } from './related.ts'
import { TAB_TRAITS } from './tabs.ts'

/** The selected event in full. */
export function DetailPane() {
  const { selection, layout } = usePage()
  const selected = selection.current.value
  const watch = useWatch(selected?.index)
  const tabs = TABS.filter((id) => id !== 'watch' || watch !== undefined)
  const tab = tabs.find((id) => id === layout.current.value.tab) ?? 'payload'
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') document.getElementById(GRID_ID)?.focus()
  }
  return (
    <section class="detail" aria-label="Details" onKeyDown={onKeyDown}>
      <Tabs tab={tab} tabs={tabs} onSelect={(next) => layout.change({ tab: next })} />
      <div
        id={DETAIL_ID}
        class="detail-body"
        role="tabpanel"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a tab panel that scrolls takes the focus (ARIA APG, tabs).
        tabIndex={0}
        aria-labelledby={`tab-${tab}`}
        aria-busy={selected !== undefined && selected.detail === undefined && selected.failure === undefined}
      >
        {tab === 'watch' ? (
          watch !== undefined && <WatchTab watch={watch} key={watch.open} />
        ) : selected === undefined ? (
          <p class="hint">Select an event to see its payload, headers and timing.</p>
        ) : selected.failure !== undefined ? (
          <p class="hint tone-error" role="alert">
            {selected.failure}
          </p>
        ) : selected.detail === undefined ? null : (
          <View tab={tab} detail={selected.detail} key={selected.index} />
        )}
      </div>
    </section>
  )
}

function View({ tab, detail }: { tab: Exclude<Tab, 'watch'>; detail: EventDetail }) {
  const { Content } = TAB_TRAITS[tab]
  const related = useRelated(detail.index)
  useNoteSelection(detail.index, related)
  return <Content detail={detail} related={related} key={detail.index} />
}

function Tabs(props: { tab: Tab; tabs: readonly Tab[]; onSelect: (tab: Tab) => void }) {
  const { tab, tabs, onSelect } = props
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length]
    if (step === 0 || next === undefined) return
    event.preventDefault()
    onSelect(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label="Details" onKeyDown={onKeyDown}>
      {tabs.map((name) => (
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
          {TAB_TRAITS[name].name}
        </button>
      ))}
    </div>
  )
}
