const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function strokeName(stroke: { tool: 'brush' | 'eraser'; shape: 'circle' | 'sphere'; diameterMm: number }): string {
  return `${capital(stroke.tool)} ${Number(stroke.diameterMm.toFixed(2))} mm${stroke.shape === 'sphere' ? ' sphere' : ''}`;
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
