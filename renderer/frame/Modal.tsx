import { type ReactNode, useEffect, useRef } from 'react';

/** A native modal dialog: focus stays inside, Esc and a press beside it close it, focus goes back to where it was. */
export function Modal({
  className,
  label,
  testid,
  onClose,
  children,
}: {
  className: string;
  label: string;
  testid: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes a native dialog by itself
    <dialog
      ref={dialog}
      className={className}
      aria-label={label}
      data-testid={testid}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => e.target === dialog.current && onClose()}
    >
      {children}
    </dialog>
  );
}
