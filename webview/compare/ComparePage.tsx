import * as l10n from '@vscode/l10n'
import { useEffect, useState } from 'preact/hooks'
import {
  COMPARE_ALL,
  type Compared,
  type ComparePageMethods,
  type CompareWish,
  MAX_IGNORED,
} from '../../src/shared/comparison.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { connectionCount, differenceCount, messageCount } from '../format/count.ts'
import { Icon } from '../ui/Icon.tsx'
import { DifferenceList } from './DifferenceList.tsx'
import { KINDS } from './difference-kinds.ts'
import { Lanes } from './Lanes.tsx'
import { VolatilePaths } from './VolatilePaths.tsx'

/** What the page needs of its connection to the host. */
export interface CompareHost {
  call<K extends keyof ComparePageMethods & string>(
    method: K,
    params: ComparePageMethods[K]['params'],
    timeout?: number,
  ): Promise<ComparePageMethods[K]['result']>
}

interface Names {
  readonly a: string
  readonly b: string
}

/** The whole page: what is compared, how, and the differences. */
export function ComparePage({ host }: { host: CompareHost }) {
  const [names, setNames] = useState<Names>()
  const [compared, setCompared] = useState<Compared>()
  const [failure, setFailure] = useState<string>()
  const [isBusy, setBusy] = useState(true)
  const [form, setForm] = useState(formOf(COMPARE_ALL))
  const change = (changed: Partial<Form>) => setForm((before) => ({ ...before, ...changed }))
  const compare = async (wish: CompareWish) => {
    setBusy(true)
    setFailure(undefined)
    try {
      setCompared(await host.call('compare', wish, 0))
    } catch (thrown) {
      setFailure(sentenceOf(thrown))
    }
    setBusy(false)
  }
  useEffect(() => {
    void host.call('ready', null).then(({ wish, ...both }) => {
      setNames(both)
      setForm(formOf(wish))
      return compare(wish)
    })
  }, [])
  const ignore = (path: string) => {
    const ignored = form.ignored.trim() === '' ? path : `${form.ignored}, ${path}`
    change({ ignored })
    void compare(wishOf({ ...form, ignored }))
  }
  return (
    <main class="compare">
      <header>
        <h1>
          <span class="side-name">A</span> {names?.a}
          <Icon name="arrow-swap" />
          <span class="side-name">B</span> {names?.b}
        </h1>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void compare(wishOf(form))
          }}
        >
          <label>
            {l10n.t('Ignore JSONPaths')}
            <input
              class="field mono wide"
              value={form.ignored}
              placeholder={'$.ts, $..id'}
              maxLength={4000}
              onInput={(event) => change({ ignored: event.currentTarget.value })}
            />
          </label>
          <label>
            {l10n.t('Ignore messages')}
            <input
              class="field mono"
              value={form.ignoreMessages}
              placeholder={l10n.t('such as {0}', 'kind:heartbeat')}
              maxLength={4000}
              onInput={(event) => change({ ignoreMessages: event.currentTarget.value })}
            />
          </label>
          <label>
            {l10n.t('Tolerance (ms)')}
            <input
              class="field"
              value={form.tolerance}
              inputMode="numeric"
              placeholder={l10n.t('not compared')}
              onInput={(event) => change({ tolerance: event.currentTarget.value })}
            />
          </label>
          <label
            class="choice"
            title={l10n.t('IDs of requests, sessions and others may differ if they belong to the same')}
          >
            <input
              type="checkbox"
              checked={form.normalizeIds}
              onChange={(event) => {
                const normalizeIds = event.currentTarget.checked
                change({ normalizeIds })
                void compare(wishOf({ ...form, normalizeIds }))
              }}
            />
            {l10n.t('Normalize IDs')}
          </label>
          <button type="submit" class="button" disabled={isBusy}>
            {l10n.t('Compare')}
          </button>
        </form>
      </header>
      <div role="alert" class="tone-error toned">
        {failure}
      </div>
      <div role="status">
        {isBusy ? l10n.t('Comparing…') : compared !== undefined && <Summary compared={compared} />}
      </div>
      {compared !== undefined && (
        <>
          <Notes compared={compared} />
          <VolatilePaths differences={compared.differences} ignore={ignore} />
          <Lanes connections={compared.connections} />
          <DifferenceList
            key={String(isBusy)}
            compared={compared}
            ignore={ignore}
            explain={(difference) => void host.call('explain', { difference }, 0)}
          />
        </>
      )}
    </main>
  )
}

/** How to compare, as the form has it: paths have commas or spaces between them. */
interface Form extends Pick<CompareWish, 'ignoreMessages' | 'normalizeIds'> {
  readonly ignored: string
  readonly tolerance: string
}

function formOf({ ignore, tolerance, ignoreMessages, normalizeIds }: CompareWish): Form {
  return { ignored: ignore.join(', '), tolerance: String(tolerance ?? ''), ignoreMessages, normalizeIds }
}

function wishOf({ ignored, tolerance, ignoreMessages, normalizeIds }: Form): CompareWish {
  const paths = ignored.split(/[\s,]+(?=\$)/).map((path) => path.trim())
  return {
    ignore: [...new Set(paths.filter((path) => path !== ''))].slice(0, MAX_IGNORED),
    tolerance: tolerance.trim() === '' ? null : Math.max(0, Number(tolerance) || 0),
    ignoreMessages,
    normalizeIds,
  }
}

/** What limits the comparison. */
function Notes({ compared: { isApproximate, notes } }: { compared: Compared }) {
  return (
    <>
      {isApproximate && (
        <p>
          <Icon name="info" />{' '}
          {l10n.t(
            'The sessions differ so much that messages are paired approximately: there may be fewer differences. Ignore values, or compare shorter recordings.',
          )}
        </p>
      )}
      {notes.map((note) => (
        <p key={note}>
          <Icon name="warning" /> {note}
        </p>
      ))}
    </>
  )
}

function Summary({ compared: { same, counts } }: { compared: Compared }) {
  if (same)
    return (
      <p>
        <Icon name="check" /> {l10n.t('The sessions are the same: {0}.', messageCount(counts.same))}
      </p>
    )
  const connections = counts.missingConnections + counts.extraConnections
  return (
    <ul class="counts" aria-label={l10n.t('What differs')}>
      <li>{l10n.t('{0} the same', messageCount(counts.same))}</li>
      {KINDS.filter(({ kind }) => counts[kind] > 0).map(({ kind, sign, name }) => (
        <li key={kind} class={`kind-${kind}`}>
          <b>{sign}</b> {counts[kind]} {name}
        </li>
      ))}
      {counts.lifecycle > 0 && <li>{l10n.t('{0} of connections', differenceCount(counts.lifecycle))}</li>}
      {connections > 0 && <li>{l10n.t('{0} on one side only', connectionCount(connections))}</li>}
    </ul>
  )
}
