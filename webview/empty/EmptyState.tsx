import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { AllPresets, PresetList, presetsWithWords, usePresets } from '../connecting/PresetList.tsx'
import { RequestList, requestsWithWords } from '../connecting/RequestList.tsx'
import {
  RecentList,
  RecordingList,
  useRecents,
  useRecordings,
  withWords,
} from '../connecting/StartingPoints.tsx'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { StartProxy, WaitingProxies } from './Proxies.tsx'
import { Reopen } from './Reopen.tsx'
import { UnsavedSessions } from './UnsavedSessions.tsx'
import { UrlForm } from './UrlForm.tsx'

/** Recent connections that are listed. */
const MOST_RECENT = 6
/** Requests that are listed. The side bar has all of them. */
const MOST_REQUESTS = 8

/** Shown before the first connection: a field for a URL or a few words, and what to start from. */
export function EmptyState() {
  const page = usePage()
  const { recents, setRecents } = useRecents()
  const recordings = useRecordings()
  const presets = usePresets()
  const [typed, setTyped] = useState('')
  const found = withWords(recents, typed, MOST_RECENT)
  // A URL is not looked for among the recent ones, unless it is one of them.
  const shown = found.length > 0 ? found : withWords(recents, '', MOST_RECENT)
  const { listed } = page.savedRequests.current.value
  const foundRequests = requestsWithWords(listed, typed, MOST_REQUESTS)
  const foundPresets = presetsWithWords(presets, typed)
  const connectPreset = (preset: string | null) => void page.call('connectPreset', { preset }, 0)
  const requests =
    foundRequests.length > 0 || found.length > 0
      ? foundRequests
      : requestsWithWords(listed, '', MOST_REQUESTS)
  const forget = async (recent: number) => {
    const left = await page.call('forgetRecent', { recent })
    if (left !== undefined) setRecents(left)
  }
  return (
    <section class="empty" aria-labelledby="empty-title">
      <UnsavedSessions />
      <WaitingProxies />
      <h1 id="empty-title">{l10n.t('Connect to something that pushes')}</h1>
      <p class="dim">
        {l10n.t(
          'WebSocket, Server-Sent Events, long-poll, poll or an HTTP stream: the technique is detected automatically.',
        )}
      </p>
      <UrlForm
        typed={typed}
        onType={setTyped}
        found={found}
        requests={foundRequests}
        presets={foundPresets}
      />
      <p class="empty-links">
        <LinkButton onClick={() => page.connect(typed.trim())}>{l10n.t('More options…')}</LinkButton>
        <LinkButton onClick={() => void page.call('openRecording', { recording: null }, 0)}>
          {l10n.t('Open a recording…')}
        </LinkButton>
        <LinkButton onClick={() => void page.call('attachToProgram', null, 0)}>
          {l10n.t('Inspect a running program…')}
        </LinkButton>
      </p>
      <Reopen />
      <div class="empty-columns">
        {shown.length > 0 && (
          <section aria-labelledby="empty-recent">
            <h2 id="empty-recent">{l10n.t('Recent')}</h2>
            <RecentList
              recents={shown}
              onPick={(recent) => void page.call('connectRecent', { recent }, 0)}
              onSave={(recent) => void page.call('saveRequest', { source: { recent } }, 0)}
              onForget={(recent) => void forget(recent)}
            />
          </section>
        )}
        {requests.length > 0 && (
          <section aria-labelledby="empty-requests">
            <h2 id="empty-requests">{l10n.t('Requests')}</h2>
            <RequestList requests={requests} onRun={(request) => void page.call('runRequest', request, 0)} />
          </section>
        )}
        {recordings !== undefined && recordings.length > 0 && (
          <section aria-labelledby="empty-recordings">
            <h2 id="empty-recordings">{l10n.t('Recordings')}</h2>
            <RecordingList recordings={recordings} />
          </section>
        )}
        {presets.length > 0 && (
          <section aria-labelledby="empty-presets">
            <div class="starts-head">
              <h2 id="empty-presets">{l10n.t('Presets')}</h2>
              <AllPresets count={presets.length} onOpen={() => connectPreset(null)} />
            </div>
            <PresetList presets={foundPresets.length > 0 ? foundPresets : presets} onPick={connectPreset} />
          </section>
        )}
      </div>
      <footer class="empty-more">
        <StartProxy />
        <Demo />
        {page.context.value.hasWalkthrough === true && (
          <p>
            <Icon name="mortar-board" />
            <LinkButton onClick={() => void page.call('openWalkthrough', null)}>
              {l10n.t('Walkthrough')}
            </LinkButton>
            <span class="dim">{l10n.t('Connect, filter, keep requests, compare, automate')}</span>
          </p>
        )}
      </footer>
    </section>
  )
}

/** Starts the demo server, and connects to it by every technique. */
function Demo() {
  const page = usePage()
  const [isStarting, setStarting] = useState(false)
  const start = async () => {
    setStarting(true)
    await page.call('startDemo', { transport: null })
    setStarting(false)
  }
  return (
    <p>
      <Icon name="play" />
      <LinkButton disabled={isStarting} onClick={() => void start()}>
        {l10n.t('Start the demo')}
      </LinkButton>
      <span class="dim">
        {l10n.t('Five techniques, Socket.IO, GraphQL and a language model, on this computer')}
      </span>
    </p>
  )
}
