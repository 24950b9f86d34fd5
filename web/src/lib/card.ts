/** What of a model's card the page uses; the whole is in docs/model-card.md's words. */
export interface Card {
  name: string;
  classes: string[];
  malignant: string[];
  width: number;
  height: number;
  frame?: string; ///< the part of a picture that is looked at
  preparation?: Record<string, string>; ///< further steps before the network
  data?: string;
  licence?: string;
  malignant_threshold?: number;
  malignant_threshold_rule?: string;
  ood_limit?: number;
  decision_points?: { rule: string; aim: number; threshold: number; sensitivity: number; specificity: number }[];
  [name: string]: unknown;
}
