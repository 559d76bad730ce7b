import type { ComponentProps } from 'react';
import { ToolButton } from '../design/ToolButton.tsx';
import { useKey } from '../keys.ts';

type KeyedToolProps = Omit<ComponentProps<typeof ToolButton>, 'digit' | 'keys'> & {
  /** Whose key it tells. */
  command: string;
  /** Prints the key in its corner, where it is short enough. */
  corner?: boolean;
};

/** A tool's button with the key that its command has now. */
export function KeyedTool({ command, corner = false, ...rest }: KeyedToolProps) {
  const key = useKey(command);
  return <ToolButton {...rest} keys={key} digit={corner && key !== null && key.length <= 2 ? key : null} />;
}
