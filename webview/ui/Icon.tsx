/** A codicon. The text or name beside it says what it means. */
export function Icon({ name, spin = false }: { name: string; spin?: boolean }) {
  return <span class={`codicon codicon-${name}${spin ? ' codicon-modifier-spin' : ''}`} aria-hidden="true" />
}

interface IconButtonProps {
  readonly icon: string
  /** What the button does: its accessible name and tooltip. */
  readonly name: string
  readonly onClick: () => void
  readonly disabled?: boolean
}

/** A button that shows only an icon. */
export function IconButton({ icon, name, onClick, disabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      title={name}
      aria-label={name}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
