import { useLayoutEffect, useRef } from 'preact/hooks'
import { focusHere } from '../state/keyboard.ts'
import { type MenuChoice, type OpenMenu, tidy } from '../state/menu.ts'
import { usePage } from '../state/page.ts'
import { Icon } from './Icon.tsx'

/** Milliseconds after which typed letters no longer belong together. */
const TYPING = 700
/** Pixels between the menu and the edges of the page. */
const EDGE = 4

/** The menu that is open, above everything else. It gives the focus back to where it was. */
export function MenuLayer() {
  const { menu } = usePage()
  const open = menu.value
  return open === undefined ? null : <Menu key={`${open.name} ${open.x} ${open.y}`} menu={open} />
}

function Menu({ menu }: { menu: OpenMenu }) {
  const page = usePage()
  const box = useRef<HTMLDivElement>(null)
  const before = useRef(document.activeElement)
  const typed = useRef({ text: '', at: 0 })
  const close = () => {
    if (page.menu.value !== menu) return
    page.menu.value = undefined
    if (before.current instanceof HTMLElement) focusHere(before.current)
  }
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    place(element, menu)
    focusHere(element.querySelector<HTMLElement>('[role^=menuitem]:not(:disabled)') ?? element)
    const onPress = (event: Event) => {
      if (event.target instanceof Node && !element.contains(event.target)) page.menu.value = undefined
    }
    const onBlur = () => close()
    document.addEventListener('pointerdown', onPress)
    addEventListener('blur', onBlur)
    addEventListener('resize', onBlur)
    return () => {
      document.removeEventListener('pointerdown', onPress)
      removeEventListener('blur', onBlur)
      removeEventListener('resize', onBlur)
    }
  }, [])

  const choose = (choice: MenuChoice) => {
    if (choice.isOn === undefined || choice.closes === true) close()
    choice.choose()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const choices = [...(box.current?.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled)') ?? [])]
    const at = choices.findIndex((each) => each.matches(':focus'))
    const go = (to: number) => choices[(to + choices.length) % choices.length]?.focus()
    event.stopPropagation()
    if (event.key === 'Escape' || event.key === 'Tab') close()
    else if (event.key === 'ArrowDown') go(at + 1)
    else if (event.key === 'ArrowUp') go(at <= 0 ? choices.length - 1 : at - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(-1)
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
      const { text, at: last } = typed.current
      const wanted = (event.timeStamp - last < TYPING ? text : '') + event.key.toLowerCase()
      typed.current = { text: wanted, at: event.timeStamp }
      const order = [...choices.slice(at + (wanted.length > 1 ? 0 : 1)), ...choices]
      order.find((each) => each.textContent?.trim().toLowerCase().startsWith(wanted))?.focus()
    } else return
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      class="menu"
      role="menu"
      aria-label={menu.name}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onContextMenu={(event) => event.preventDefault()}
    >
      {tidy(menu.items()).map((item, i) =>
        item === 'line' ? (
          <div key={i} class="menu-line" role="separator" />
        ) : (
          <button
            key={i}
            type="button"
            class="menu-item"
            {...(item.isOn === undefined
              ? { role: 'menuitem' }
              : { role: 'menuitemcheckbox', 'aria-checked': item.isOn })}
            aria-keyshortcuts={item.keys}
            disabled={item.isDisabled}
            tabIndex={-1}
            onClick={() => choose(item)}
            onPointerMove={({ currentTarget }) => focusHere(currentTarget)}
          >
            <span class="menu-check">{item.isOn === true && <Icon name="check" />}</span>
            <span class={`clip${item.isCode ? ' mono' : ''}`}>{item.label}</span>
            {item.keys !== undefined && <kbd>{item.keys}</kbd>}
          </button>
        ),
      )}
    </div>
  )
}

/** Moves the menu to its point, and back into the page if it would leave it. */
function place(element: HTMLElement, { x, y }: OpenMenu): void {
  const { width, height } = element.getBoundingClientRect()
  const left = Math.max(EDGE, Math.min(x, innerWidth - width - EDGE))
  const top = Math.max(EDGE, Math.min(y, innerHeight - height - EDGE))
  element.style.left = `${left}px`
  element.style.top = `${top}px`
}
