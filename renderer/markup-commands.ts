import { markupKinds, markupNames } from '../contract/markups.ts';
import { useCase } from './stores/case.ts';
import { markupRefusal, removeMarkup } from './stores/markup-acts.ts';
import { useMarkups } from './stores/markups.ts';
import { takeTool } from './stores/tools.ts';

const chosen = () => {
  const { selected } = useMarkups.getState();
  return useCase.getState().state?.markups.find((one) => one.id === selected) ?? null;
};

/** Why nothing is removed now; null: it can. */
function removeRefusal(): string | null {
  const { state } = useCase.getState();
  if (!state) return 'No case is open.';
  if (state.readOnly) return 'The case was opened read-only.';
  return chosen() ? null : 'No annotation is selected. Click one with the annotation tool, or in the list.';
}

/** Commands of what is drawn and written beside the masks; one for each kind, so that the palette finds it by its name. */
export const markupCommands = [
  {
    id: 'tool.markup',
    title: 'Annotate and measure',
    group: 'Annotations' as const,
    refusal: () => (useMarkups.getState().shown ? markupRefusal() : null),
    run: () => {
      useMarkups.getState().set({ shown: true });
      takeTool('markup');
    },
  },
  ...markupKinds.map((kind) => ({
    id: `markup.${kind}`,
    title: `Annotation: ${markupNames[kind].toLowerCase()}`,
    group: 'Annotations' as const,
    refusal: () => (useMarkups.getState().shown ? markupRefusal() : null),
    run: () => {
      useMarkups.getState().set({ kind, shown: true });
      takeTool('markup');
    },
  })),
  {
    id: 'markup.shown',
    title: 'Annotations on or off',
    group: 'Annotations' as const,
    refusal: () => (useCase.getState().state ? null : 'No case is open.'),
    run: () => useMarkups.getState().set({ shown: !useMarkups.getState().shown }),
  },
  {
    id: 'markup.remove',
    title: 'Remove the selected annotation',
    group: 'Annotations' as const,
    refusal: removeRefusal,
    run: () => {
      const markup = chosen();
      if (markup) void removeMarkup(markup.id);
    },
  },
];
