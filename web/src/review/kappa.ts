/** How a kappa is spoken of (Landis & Koch 1977). */
export function strength(kappa: number): 'poor' | 'slight' | 'fair' | 'moderate' | 'substantial' | 'almost_perfect' {
  if (kappa < 0) return 'poor';
  if (kappa <= 0.2) return 'slight';
  if (kappa <= 0.4) return 'fair';
  if (kappa <= 0.6) return 'moderate';
  if (kappa <= 0.8) return 'substantial';
  return 'almost_perfect';
}

/** Where a value stands on a scale from low to high, in percent of it; beyond its ends it stands at the end. */
export function placeOn(value: number, low: number, high: number): number {
  return (100 * (Math.min(high, Math.max(low, value)) - low)) / (high - low);
}
