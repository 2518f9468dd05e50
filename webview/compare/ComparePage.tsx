import { useEffect, useState } from 'preact/hooks'
import {
  type Compared,
  type ComparePageMethods,
  type CompareWish,
  MAX_IGNORED,
} from '../../src/shared/comparison.ts'
import { sentenceOf } from '../../src/shared/failure.ts'
import { plural } from '../format/count.ts'
import { Icon } from '../ui/Icon.tsx'
import { DifferenceList } from './DifferenceList.tsx'
import { Lanes } from './Lanes.tsx'
import { KINDS } from './looks.ts'

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
      return compare(wish)
    })
  }, [])
  return (
    <main class="compare">
      <header>
        <h1>
          <span class="side-name">A</span> {names?.a}
          <Icon name="arrow-swap" />
          <span class="side-name">B</span> {names?.b}
        </h1>
        <WishForm busy={isBusy} onWish={(wish) => void compare(wish)} />
      </header>
      <div role="alert" class="failure">
        {failure}
      </div>
      <div role="status">
        {isBusy ? 'Comparing…' : compared !== undefined && <Summary compared={compared} />}
      </div>
      {compared !== undefined && (
        <>
          <Lanes connections={compared.connections} />
          <DifferenceList key={String(isBusy)} compared={compared} />
        </>
      )}
    </main>
  )
}

function WishForm({ busy, onWish }: { busy: boolean; onWish: (wish: CompareWish) => void }) {
  const [ignore, setIgnore] = useState('')
  const [tolerance, setTolerance] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const paths = ignore.split(/[\s,]+(?=\$)/).map((path) => path.trim())
        onWish({
          ignore: paths.filter((path) => path !== '').slice(0, MAX_IGNORED),
          tolerance: tolerance.trim() === '' ? null : Math.max(0, Number(tolerance) || 0),
        })
      }}
    >
      <label>
        Ignore JSONPaths
        <input
          class="wide"
          value={ignore}
          placeholder="$.ts, $..id"
          maxLength={4000}
          onInput={(event) => setIgnore(event.currentTarget.value)}
        />
      </label>
      <label>
        Late beyond (ms)
        <input
          value={tolerance}
          inputMode="numeric"
          placeholder="not compared"
          onInput={(event) => setTolerance(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={busy}>
        Compare
      </button>
    </form>
  )
}

function Summary({ compared: { same, counts } }: { compared: Compared }) {
  if (same)
    return (
      <p class="verdict">
        <Icon name="check" /> The sessions are the same: {plural(counts.same, 'message')}.
      </p>
    )
  const connections = counts.missingConnections + counts.extraConnections
  return (
    <ul class="counts" aria-label="What differs">
      <li>{plural(counts.same, 'message')} the same</li>
      {KINDS.filter(({ kind }) => counts[kind] > 0).map(({ kind, sign, name }) => (
        <li key={kind} class={`kind-${kind}`}>
          <b>{sign}</b> {counts[kind]} {name}
        </li>
      ))}
      {counts.lifecycle > 0 && <li>{plural(counts.lifecycle, 'difference')} of connections</li>}
      {connections > 0 && <li>{plural(connections, 'connection')} on one side only</li>}
    </ul>
  )
}
