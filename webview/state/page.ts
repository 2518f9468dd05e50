/** The state that the views share, and the calls that they make to the host. */
import { type Signal, signal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { sentenceOf } from '../../src/shared/failure.ts'
import type { FileChange } from '../../src/shared/protocol/notifications.ts'
import type { ServedSession } from '../../src/shared/protocol/served.ts'
import type { Reopenable, UnsavedSession } from '../../src/shared/protocol/unsaved.ts'
import type { PanelContext } from '../../src/shared/protocol.ts'
import { Host, type PagePort } from '../host/host.ts'
import { HostWatch } from '../host/host-watch.ts'
import { bind, bindWatch } from './bindings.ts'
import { ComposerStore } from './composer.ts'
import { MOST_COMPOSED, messageOf } from './event-message.ts'
import { Previews } from './events/previews.ts'
import { FilterStore } from './filter.ts'
import { Keyboard } from './keyboard.ts'
import { LayoutStore } from './layout.ts'
import { ListScroll } from './list-scroll.ts'
import { PageClock } from './page-clock.ts'
import { RecordingStore } from './recording.ts'
import { ReportStore } from './report.ts'
import { restoreView, saveView } from './saved-view.ts'
import { toggleConnection } from './scope.ts'
import { SeenPathStore } from './seen-paths.ts'
import { Selection } from './selection.ts'
import { SessionStore } from './session.ts'
import { StatisticsStore } from './statistics.ts'
import { TimelineStore } from './timeline/timeline.ts'
import { goLive, reveal } from './timeline/view.ts'

export class PageState {
  readonly session = new SessionStore((callback) => requestAnimationFrame(callback))
  readonly timeline = new TimelineStore()
  readonly scroll = new ListScroll()
  readonly composer = new ComposerStore()
  /** A sentence that the user has to read. */
  readonly notice = signal<string | undefined>(undefined)
  readonly context = signal<PanelContext>({ recentUrls: [], trusted: true })
  readonly served = signal<readonly ServedSession[]>([])
  readonly unsaved = signal<readonly UnsavedSession[]>([])
  readonly reopenable = signal<Reopenable>({ urls: [] })
  /** What happened to the recording's file since it was read. */
  readonly fileChange = signal<FileChange>('none')
  readonly clock = new PageClock(this.session)
  readonly keyboard = new Keyboard({
    gaveUp: () => this.host.notify('gaveUpKeyboard', null),
    gotFocus: () => this.host.notify('gotFocus', null),
  })
  /** Whether the host answers. */
  readonly watch = new HostWatch()
  readonly host: Host
  readonly layout: LayoutStore
  readonly previews: Previews
  /** Texts of the lifecycle events in the timeline's view. */
  readonly notes: Previews
  readonly selection: Selection
  readonly filter: FilterStore
  readonly statistics: StatisticsStore
  readonly seenPaths: SeenPathStore
  readonly report: ReportStore
  readonly recording: RecordingStore
  /** Whether the host has answered `ready`. */
  readonly isReady = signal(false)

  constructor(port: PagePort) {
    const host = new Host(
      port,
      {
        delta: (delta) => {
          const { first, count } = delta.columns
          const { previews = [] } = delta
          this.previews.put(first + count - previews.length, previews)
          this.session.apply(delta)
          if (delta.columns.count > 0) {
            this.timeline.append(delta.columns, (index) => this.session.eventNames[index] ?? '')
            this.timeline.forget(this.session.columns)
            this.filter.awake()
          }
          if (delta.matches !== undefined) this.filter.take(delta.matches, this.session.columns)
          host.notify('acknowledge', null)
        },
        status: (status) => this.session.setStatus(status),
        reset: () => this.#reset(),
        rewind: ({ count }) => this.#rewind(count),
        served: setter(this.served),
        unsaved: setter(this.unsaved),
        reopenable: setter(this.reopenable),
        failed: ({ message }) => {
          this.notice.value = message
        },
        file: setter(this.fileChange),
        visible: (visible) => this.clock.setPanelVisible(visible),
        asking: (asking) => this.keyboard.ask(asking),
      },
      this.watch,
    )
    this.host = host
    this.layout = new LayoutStore(port)
    this.previews = new Previews(
      (indexes) => host.call('previews', { indexes }),
      () => this.session.touch(),
    )
    this.notes = new Previews(
      (indexes) => host.call('previews', { indexes }),
      () => this.timeline.touch(),
    )
    this.selection = new Selection((index, maxBytes) => host.call('detail', { index, maxBytes }))
    this.filter = new FilterStore(
      {
        filter: (text, generation) => host.call('filter', { text, generation }),
        stop: (generation) => void this.attempt(host.call('stopFilter', { generation })),
      },
      (error) => void this.attempt(Promise.reject(error)),
    )
    this.statistics = new StatisticsStore((selected) => host.call('statistics', selected, 0))
    this.seenPaths = new SeenPathStore(() => host.call('paths', null))
    this.recording = new RecordingStore(this.session, (command) =>
      this.attempt(host.call('replay', command, 0)),
    )
    this.report = new ReportStore(() => this.attempt(host.call('report', null, 0)))
    bind(this)
    bindWatch(this)
  }

  /** Asks the host for the events that the page does not have. */
  async start(): Promise<void> {
    const { columns, eventNames } = this.session
    const context = await this.attempt(
      this.host.call('ready', { from: columns.end, fromEventName: eventNames.length }),
    )
    if (context !== undefined) {
      this.context.value = context
      if (context.kind === 'file') this.timeline.fit()
      if (context.shelf !== undefined) this.composer.shelf.value = context.shelf
      if (context.kept !== undefined) restoreView(this, context.kept)
    }
    saveView(this, (state) => this.host.notify('keep', state))
    this.isReady.value = true
    this.clock.start()
    this.watch.start({
      isVisible: this.clock.isVisible,
      ask: (timeout) => this.host.call('ping', null, timeout),
    })
  }

  /** Whether the page shows a recording, which is read-only. */
  get isRecording(): boolean {
    return this.context.value.kind === 'file'
  }

  /** The result of a call. If the call fails, shows the reason to the user and returns undefined. */
  async attempt<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work
    } catch (thrown) {
      this.notice.value = sentenceOf(thrown)
      return undefined
    }
  }

  /** Connects. The host asks the user for the URL. */
  connect(): void {
    void this.attempt(this.host.call('connect', { spec: null }, 0))
  }

  /** Loads the payload of an event into the composer, to edit it and send it on the same connection. */
  async compose(index: number): Promise<void> {
    const read = async () => {
      const detail = await this.host.call('detail', { index, maxBytes: MOST_COMPOSED })
      const { connection } = detail.fields
      this.composer.load(messageOf(detail), typeof connection === 'number' ? connection : undefined)
    }
    await this.attempt(read())
  }

  copy(text: string): void {
    void this.attempt(this.host.call('copy', { text }))
  }

  /** Selects an event and stops following, so that it stays in view. */
  select(index: number): void {
    this.hold(() => this.selection.select(index))
  }

  /** Changes the selection and stops following, so that the selection stays in view. */
  hold(change: () => void): void {
    this.scroll.leave()
    change()
    this.session.touch()
  }

  /** Shows only the events of a connection, or all events again. */
  toggleConnection(connection: number): void {
    this.session.setScope(toggleConnection(this.session.scope.value, connection))
  }

  /** Whether a filter has not been through the whole session yet. */
  get isFiltering(): boolean {
    const result = this.filter.result.value
    return result !== undefined && !result.hasEnded && !result.hasCaughtUp
  }

  /** Makes list and timeline follow new events. */
  goLive(): void {
    if (this.session.pausedAt.value !== undefined) this.setPaused(false)
    this.scroll.follow()
    this.timeline.move(goLive, this.session.now())
    this.session.touch()
  }

  /** Freezes list and timeline while the capture continues, or shows new events again. */
  setPaused(paused: boolean): void {
    this.session.pausedAt.value = paused ? this.session.now() : undefined
    this.timeline.touch()
    void this.attempt(this.host.call('hold', { held: paused }))
  }

  /** Selects an event and brings it into view, in the list and in the timeline. */
  reveal(index: number): void {
    this.select(index)
    const { columns, rows } = this.session
    this.scroll.reveal(rows.rankOf(index))
    const at = columns.at(index)
    if (at !== undefined) this.showTime(at.segment.time[at.offset] ?? 0)
  }

  /** Brings a time into the timeline's view. */
  showTime(time: number): void {
    this.timeline.move((view, now) => reveal(view, time, now), this.session.viewTime())
  }

  #rewind(count: number): void {
    const { session, selection } = this
    session.rewind(count)
    this.timeline.rebuild(session.columns, (index) => session.eventNames[index] ?? '')
    if (selection.index !== undefined && selection.index >= count) selection.clear()
  }

  #reset(): void {
    this.previews.clear()
    this.notes.clear()
    this.timeline.reset()
    this.selection.clear()
    this.session.reset()
    this.filter.reset()
    this.scroll.follow()
  }
}

function setter<T>(target: Signal<T>): (value: T) => void {
  return (value) => {
    target.value = value
  }
}

const PageContext = createContext<PageState | undefined>(undefined)

export const PageProvider = PageContext.Provider

/** The page's state, for its components. */
export function usePage(): PageState {
  const page = useContext(PageContext)
  if (page === undefined) throw new Error('usePage needs a PageProvider around it')
  return page
}
