/** Offers unsaved sessions to the user: to open, to save or to discard; each once per window. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { UnsavedChoice } from '../../shared/protocol/unsaved.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { ListedCapture, UnsavedSessions } from '../session/unsaved-sessions.ts'
import { eventCount } from '../ui/counts.ts'
import { type Action, cancelled, type Notifier } from '../ui/notifier.ts'
import { askWhere, openActions, SESSION_FILES, savedMessage } from './save-session.ts'

export class UnsavedOffers {
  readonly #unsaved: UnsavedSessions
  readonly #notifier: Notifier
  /** Directories of the sessions that this window has offered. */
  readonly #offered = new Set<string>()

  constructor(unsaved: UnsavedSessions, notifier: Notifier) {
    this.#unsaved = unsaved
    this.#notifier = notifier
  }

  /** Offers now, and again when another process or the engine may have left a session. */
  start(session: LiveSession): vscode.Disposable {
    const offer = () => {
      this.offer().catch((error) => this.#notifier.failure(error))
    }
    offer()
    return vscode.Disposable.from(
      session.onFailure(offer),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused && this.#unsaved.all.some(({ isRunning }) => isRunning)) offer()
      }),
    )
  }

  /** Offers the sessions that this window has not offered yet. Returns all that have ended. */
  async offer(): Promise<readonly ListedCapture[]> {
    const ended = await this.#unsaved.list()
    const fresh = ended.filter(({ directory }) => !this.#offered.has(directory))
    for (const each of fresh) {
      this.#offered.add(each.directory)
      this.#ask(each, vscode.l10n.t('{0} has not been saved.', describe(each)))
    }
    return ended
  }

  /** Offers all unsaved sessions, even again. Returns all that have ended. */
  async offerAll(): Promise<readonly ListedCapture[]> {
    this.#offered.clear()
    const ended = await this.offer()
    const running = this.#unsaved.all.filter(({ isRunning }) => isRunning)
    for (const each of running)
      this.#notifier.info(
        vscode.l10n.t(
          '{0} is still being captured by another window with this folder, or by one that lost its connection.',
          describe(each),
        ),
        { title: vscode.l10n.t('Open a Copy'), run: () => this.#unsaved.open(each) },
      )
    if (this.#unsaved.all.length === 0) this.#notifier.info(vscode.l10n.t('There are no unsaved sessions.'))
    return ended
  }

  /** Does what the user has chosen on the page. Rejects with `CANCELLED`. */
  async choose(id: number, choice: UnsavedChoice): Promise<void> {
    const session = this.#unsaved.all.find((each) => each.id === id)
    if (session === undefined || (session.isRunning && choice !== 'open')) throw settled()
    if (choice === 'open') await this.#unsaved.open(session)
    else if (choice === 'save') await this.#save(session)
    else await this.#confirmDiscard(session)
  }

  #ask(session: ListedCapture, sentence: string): void {
    // A message stays after its session was saved or discarded in another way.
    const unlessSettled = (title: string, run: () => Promise<void>): Action => ({
      title,
      run: async () => {
        if (!this.#unsaved.all.some(({ directory }) => directory === session.directory)) throw settled()
        await run()
      },
    })
    this.#notifier.warning(
      sentence,
      unlessSettled(vscode.l10n.t('Open'), async () => {
        await this.#unsaved.open(session)
        this.#ask(session, vscode.l10n.t('{0} is open, but has not been saved yet.', describe(session)))
      }),
      unlessSettled(vscode.l10n.t('Save…'), async () => {
        if (!(await this.#save(session))) this.#ask(session, sentence)
      }),
      unlessSettled(vscode.l10n.t('Discard'), () => this.#unsaved.discard(session)),
    )
  }

  /** Asks for a file and saves. Returns false if the user cancels. */
  async #save(session: ListedCapture): Promise<boolean> {
    const uri = await askWhere(vscode.l10n.t('Save Unsaved Session'), SESSION_FILES)
    if (uri === undefined) return false
    const result = await this.#unsaved.saveTo(session, uri)
    this.#notifier.info(savedMessage(result), ...openActions(uri))
    return true
  }

  async #confirmDiscard(session: ListedCapture): Promise<void> {
    const discard = vscode.l10n.t('Discard')
    const answer = await vscode.window.showWarningMessage(
      vscode.l10n.t('Discard this session? {0}.', describe(session)),
      { modal: true, detail: vscode.l10n.t('It is not in a file and cannot be restored.') },
      discard,
    )
    if (answer !== discard) throw cancelled()
    await this.#unsaved.discard(session)
  }
}

function settled(): Failure {
  return new Failure('NOT_LEFT', vscode.l10n.t('This session has already been saved or discarded.'))
}

/** "A session with 12,345 events from 10:31", with the day if it is not today. */
export function describe({ events, startedAt }: ListedCapture, now = new Date()): string {
  const start = new Date(startedAt)
  const isToday = start.toDateString() === now.toDateString()
  const time = start.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const day = isToday ? '' : `${start.toLocaleDateString('en-CA')} `
  return vscode.l10n.t('A session with {0} from {1}', eventCount(events), `${day}${time}`)
}
