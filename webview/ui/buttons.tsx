/** The buttons of the page. All attributes of a button can be set. */
import type { ComponentProps } from 'preact'
import { Icon } from './Icon.tsx'

type ButtonProps = ComponentProps<'button'>

interface IconButtonProps extends Omit<ButtonProps, 'name' | 'icon'> {
  readonly icon: string
  /** What the button does: its accessible name and tooltip. */
  readonly name: string
}

/** A button that shows only an icon. */
export function IconButton({ icon, name, ...others }: IconButtonProps) {
  return (
    <button type="button" class="icon-button" title={name} aria-label={name} {...others}>
      <Icon name={icon} />
    </button>
  )
}

/** A button that looks like a link. */
export function LinkButton(props: ButtonProps) {
  return <button type="button" class="link" {...props} />
}

interface ChipProps extends ButtonProps {
  /** Classes beside that of a chip. */
  readonly class?: string
}

/** A button with a border. */
export function Chip({ class: look = '', ...others }: ChipProps) {
  return <button type="button" class={`chip ${look}`} {...others} />
}
