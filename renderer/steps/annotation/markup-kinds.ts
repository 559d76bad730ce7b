import {
  Circle,
  CircleDot,
  Egg,
  LineSquiggle,
  type LucideIcon,
  MessageSquareText,
  MoveUpRight,
  Pentagon,
  RectangleHorizontal,
  Ruler,
  Tangent,
  TrendingUp,
  TriangleRight,
  Type,
} from 'lucide-react';
import type { MarkupKind } from '../../../contract/markups.ts';

/** Of each kind: its sign, and how the hand draws it. In the order of the buttons: measures first, then outlines, then words. */
export const markupKindSigns: Record<MarkupKind, { icon: LucideIcon; how: string }> = {
  line: { icon: Ruler, how: 'Drag, or click both ends; the second may lie on another slice.' },
  angle: { icon: TriangleRight, how: 'Three clicks: first arm, vertex, second arm.' },
  point: { icon: CircleDot, how: 'One click.' },
  ellipse: { icon: Circle, how: 'Drag from corner to corner of its box.' },
  rectangle: { icon: RectangleHorizontal, how: 'Drag from corner to corner.' },
  polygon: { icon: Pentagon, how: 'A corner a click; Enter, double-click or the first corner closes it.' },
  'closed-curve': { icon: Egg, how: 'A point a click; the curve bends through them. Enter or double-click closes it.' },
  freehand: { icon: LineSquiggle, how: 'Drag along the edge; it closes where you let go.' },
  polyline: { icon: TrendingUp, how: 'A point a click; Enter or double-click ends it.' },
  curve: { icon: Tangent, how: 'A point a click; the curve bends through them. Enter or double-click ends it.' },
  pointer: { icon: MoveUpRight, how: 'Drag from what it points at to its tail.' },
  'text-pointer': { icon: MessageSquareText, how: 'Drag from what it points at to where its text stands, then write.' },
  text: { icon: Type, how: 'Click, then write; Enter keeps it.' },
};
