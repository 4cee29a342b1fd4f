import { useEffect, useState } from "react";
import { noOffer, type Offer } from "./offer.ts";

/** What there is to choose from; undefined until it is known, empty where the server does not say. */
export const useOffer = (load: () => Promise<Offer>): Offer | undefined => {
  const [offer, setOffer] = useState<Offer>();
  useEffect(() => {
    let gone = false;
    const take = (next: Offer): void => {
      if (!gone) setOffer(next);
    };
    load().then(take, () => take(noOffer));
    return () => {
      gone = true;
    };
  }, [load]);
  return offer;
};
