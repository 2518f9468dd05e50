/** What the user can start from: recent connections, requests, and recordings of the workspace. */
import * as l10n from '@vscode/l10n'
import { useEffect, useState } from 'preact/hooks'
import { matchesWords } from '../../src/request/typed-url.ts'
import { connectionNames } from '../../src/shared/connection-names.ts'
import type { FoundRecording, RecentConnection } from '../../src/shared/protocol/connecting.ts'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { connectionCount, formatBytes } from '../format/count.ts'
import { formatAge, formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { IconButton, LinkButton } from '../ui/buttons.tsx'
import { useLoaded } from '../ui/hooks.ts'
import { Icon } from '../ui/Icon.tsx'
import { AllPresets, PresetList, usePresets } from './PresetList.tsx'
import { RequestList } from './RequestList.tsx'
import { techniqueOf } from './techniques.ts'

function describe(spec: ConnectionSpec): string {
  const { name } = techniqueOf(spec)
  const host = URL.canParse(spec.url) ? new URL(spec.url).host : spec.url
  return `${name}, ${host}`
}

/** A recent connection with its name; its number is that of the host. */
export interface NamedRecent extends RecentConnection {
  readonly number: number
  readonly name: string
}

/** Recent connections that the words are about, or all of them. */
export function withWords(
  recents: readonly RecentConnection[],
  words: string,
  most: number,
): readonly NamedRecent[] {
  const names = connectionNames(
    recents.map(({ spec }, id) => ({ id, url: spec.url, transport: spec.transport ?? 'auto' })),
  )
  return recents
    .map((recent, number) => ({ ...recent, number, name: names.get(number) ?? '' }))
    .filter(({ spec, name }) => matchesWords(words.trim(), [spec.url, name, techniqueOf(spec).name]))
    .slice(0, most)
}

interface RecentListProps {
  readonly recents: readonly NamedRecent[]
  readonly onPick: (recent: number) => void
  readonly onSave?: (recent: number) => void
  readonly onForget?: (recent: number) => void
  /** The one that Enter opens. */
  readonly marked?: number | undefined
}

export function RecentList({ recents, onPick, onSave, onForget, marked }: RecentListProps) {
  return (
    <ul class="starts">
      {recents.map(({ number, spec, name, at, asks }) => (
        <li key={number} class={number === marked ? 'marked' : ''}>
          <button type="button" class="start" title={spec.url} onClick={() => onPick(number)}>
            <Icon name={techniqueOf(spec).icon} />
            <span class="start-words">
              <span class="clip">{name}</span>
              <span class="dim clip">
                {asks ? l10n.t('{0}, asks for its secrets', describe(spec)) : describe(spec)}
              </span>
            </span>
            <span class="dim start-age">{at === undefined ? '' : formatAge(at)}</span>
          </button>
          {onSave !== undefined && (
            <IconButton
              icon="save-as"
              name={l10n.t('Save {0} as Request…', name)}
              onClick={() => onSave(number)}
            />
          )}
          {onForget !== undefined && (
            <IconButton icon="close" name={l10n.t('Forget {0}', name)} onClick={() => onForget(number)} />
          )}
        </li>
      ))}
    </ul>
  )
}

export function RecordingList({ recordings }: { readonly recordings: readonly FoundRecording[] }) {
  const page = usePage()
  return (
    <ul class="starts">
      {recordings.map((recording, number) => (
        <li key={recording.path}>
          <button
            type="button"
            class="start"
            title={recording.path}
            onClick={() => void page.call('openRecording', { recording: number }, 0)}
          >
            <Icon name="record" />
            <span class="start-words">
              <span class="clip">{recording.path.slice(recording.path.lastIndexOf('/') + 1)}</span>
              <span class="dim clip">{contentOf(recording)}</span>
            </span>
            <span class="dim start-age">{formatAge(recording.modified)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

function contentOf({ connections, duration, size }: FoundRecording): string {
  return [
    ...(connections === undefined ? [] : [connectionCount(connections)]),
    ...(duration === undefined ? [] : [formatDuration(duration)]),
    formatBytes(size),
  ].join(', ')
}

/** The recent connections of the host; `setRecents` replaces them. */
export function useRecents() {
  const page = usePage()
  const [recents, setRecents] = useState<readonly RecentConnection[]>([])
  useEffect(() => {
    void page.call('recents', null).then((loaded) => loaded && setRecents(loaded))
  }, [])
  return { recents, setRecents }
}

/** The recordings of the workspace. They may take a moment. */
export function useRecordings(): readonly FoundRecording[] | undefined {
  const page = usePage()
  return useLoaded(async () => (await page.call('recordings', null)) ?? [], [])
}

/** Number of entries in the narrow list beside the form. */
const MOST = 6

/** The lists one below the other. */
export function StartingPoints({ onPick }: { readonly onPick: (recent: number) => void }) {
  const page = usePage()
  const { recents } = useRecents()
  const recordings = useRecordings() ?? []
  const presets = usePresets()
  const connectPreset = (preset: string | null) => {
    page.connecting.closeForm()
    void page.call('connectPreset', { preset }, 0)
  }
  const requests = page.savedRequests.current.value.listed.slice(0, MOST)
  return (
    <>
      {recents.length > 0 && (
        <section aria-labelledby="start-recent">
          <h3 id="start-recent">{l10n.t('Recent')}</h3>
          <RecentList recents={withWords(recents, '', MOST)} onPick={onPick} />
        </section>
      )}
      {requests.length > 0 && (
        <section aria-labelledby="start-requests">
          <h3 id="start-requests">{l10n.t('Requests')}</h3>
          <RequestList
            requests={requests}
            onRun={(request) => {
              page.connecting.closeForm()
              void page.call('runRequest', request, 0)
            }}
          />
        </section>
      )}
      {presets.length > 0 && (
        <section aria-labelledby="start-presets">
          <div class="starts-head">
            <h3 id="start-presets">{l10n.t('Presets')}</h3>
            <AllPresets count={presets.length} onOpen={() => connectPreset(null)} />
          </div>
          <PresetList presets={presets} onPick={connectPreset} />
        </section>
      )}
      <section aria-labelledby="start-recordings">
        <div class="starts-head">
          <h3 id="start-recordings">{l10n.t('Recordings')}</h3>
          <LinkButton onClick={() => void page.call('openRecording', { recording: null }, 0)}>
            {l10n.t('Open other…')}
          </LinkButton>
        </div>
        <RecordingList recordings={recordings} />
      </section>
      <section aria-labelledby="start-demo">
        <h3 id="start-demo">{l10n.t('No server at hand?')}</h3>
        <button
          type="button"
          class="start"
          onClick={() => {
            page.connecting.closeForm()
            void page.call('startDemo', { transport: null })
          }}
        >
          <Icon name="play" />
          <span class="start-words">
            <span>{l10n.t('Start the demo')}</span>
            <span class="dim clip">
              {l10n.t('Five techniques, Socket.IO, GraphQL and a language model, on this computer')}
            </span>
          </span>
        </button>
      </section>
    </>
  )
}
