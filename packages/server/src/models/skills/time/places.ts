/** Places and abbreviations that are no zone's own name, by the zone whose clocks they have. */
const places: Readonly<Record<string, string>> = {
  UTC: "utc, gmt, greenwich, zulu, coordinated universal time",
  "Africa/Cairo": "egypt",
  "Africa/Casablanca": "morocco",
  "Africa/Johannesburg": "south africa, cape town, durban, pretoria",
  "Africa/Lagos": "nigeria, abuja",
  "Africa/Nairobi": "kenya",
  "Africa/Addis_Ababa": "ethiopia",
  "Africa/Accra": "ghana",
  "America/Anchorage": "alaska",
  "America/Argentina/Buenos_Aires": "argentina, buenos aires",
  "America/Bogota": "colombia",
  "America/Chicago":
    "cst, cdt, ct, central time, texas, dallas, houston, austin, san antonio, minneapolis, new orleans, st louis, memphis, nashville, milwaukee, kansas city, illinois",
  "America/Denver": "mst, mdt, mt, mountain time, colorado, utah, salt lake city",
  "America/Halifax": "atlantic time, nova scotia",
  "America/Lima": "peru",
  "America/Los_Angeles":
    "pst, pdt, pt, pacific time, california, san francisco, sf, la, san diego, san jose, seattle, portland, las vegas, sacramento, silicon valley",
  "America/Mexico_City": "mexico, guadalajara",
  "America/New_York":
    "est, edt, et, eastern time, nyc, new york city, boston, washington, washington dc, philadelphia, miami, atlanta, orlando, pittsburgh, baltimore, cleveland, charlotte, florida, georgia usa",
  "America/Phoenix": "arizona",
  "America/Santiago": "chile",
  "America/Sao_Paulo": "brazil, sao paulo, rio, rio de janeiro, brasilia",
  "America/Toronto": "montreal, ottawa, quebec, ontario",
  "America/Vancouver": "british columbia",
  "America/Edmonton": "calgary, alberta",
  "America/Caracas": "venezuela",
  "America/Panama": "panama",
  "America/Havana": "cuba",
  "Asia/Bangkok": "thailand, ict",
  "Asia/Colombo": "sri lanka",
  "Asia/Dhaka": "bangladesh",
  "Asia/Dubai": "uae, united arab emirates, abu dhabi, gst",
  "Asia/Ho_Chi_Minh": "vietnam, hanoi, saigon, ho chi minh city",
  "Asia/Hong_Kong": "hkt",
  "Asia/Jakarta": "indonesia, wib",
  "Asia/Jerusalem": "israel, tel aviv",
  "Asia/Karachi": "pakistan, lahore, islamabad, pkt",
  "Asia/Kathmandu": "nepal",
  "Asia/Kolkata":
    "india, ist, delhi, new delhi, mumbai, bombay, bangalore, bengaluru, chennai, hyderabad, pune, calcutta",
  "Asia/Kuala_Lumpur": "malaysia",
  "Asia/Manila": "philippines, makati, cebu, davao, quezon city, pht",
  "Asia/Riyadh": "saudi arabia, jeddah, mecca",
  "Asia/Seoul": "korea, south korea, kst, busan",
  "Asia/Shanghai": "china, beijing, shenzhen, guangzhou, chengdu",
  "Asia/Singapore": "sgt",
  "Asia/Taipei": "taiwan",
  "Asia/Tehran": "iran",
  "Asia/Tokyo": "japan, osaka, kyoto, jst, yokohama, nagoya, sapporo",
  "Atlantic/Reykjavik": "iceland",
  "Australia/Adelaide": "south australia",
  "Australia/Brisbane": "queensland",
  "Australia/Perth": "western australia, awst",
  "Australia/Sydney": "aest, aedt, canberra, new south wales",
  "Australia/Melbourne": "victoria",
  "Europe/Amsterdam": "netherlands, holland, rotterdam, the hague",
  "Europe/Athens": "greece",
  "Europe/Berlin": "germany, cet, cest, munich, hamburg, frankfurt, cologne, stuttgart, dusseldorf, leipzig",
  "Europe/Brussels": "belgium, antwerp",
  "Europe/Bucharest": "romania",
  "Europe/Budapest": "hungary",
  "Europe/Copenhagen": "denmark",
  "Europe/Dublin": "ireland, cork",
  "Europe/Helsinki": "finland, eet, eest",
  "Europe/Istanbul": "turkey, ankara, izmir",
  "Europe/Kyiv": "ukraine, kyiv, kiev, lviv, odesa",
  "Europe/Lisbon": "portugal, porto, wet",
  "Europe/London":
    "uk, united kingdom, england, scotland, wales, britain, great britain, bst, manchester, edinburgh, glasgow, birmingham, oxford, cambridge, liverpool, bristol, cardiff",
  "Europe/Madrid": "spain, barcelona, valencia, seville",
  "Europe/Moscow": "moscow, msk, st petersburg, saint petersburg",
  "Europe/Oslo": "norway, bergen",
  "Europe/Paris": "france, lyon, marseille, nice, toulouse",
  "Europe/Prague": "czechia, czech republic",
  "Europe/Rome": "italy, milan, naples, florence, venice, turin",
  "Europe/Stockholm": "sweden, gothenburg",
  "Europe/Vienna": "austria, salzburg, graz",
  "Europe/Warsaw": "poland, krakow, gdansk",
  "Europe/Zurich": "switzerland, geneva, basel, bern",
  "Europe/Sofia": "bulgaria",
  "Europe/Belgrade": "serbia",
  "Europe/Zagreb": "croatia",
  "Pacific/Auckland": "new zealand, nz, nzst, nzdt, wellington, christchurch",
  "Pacific/Honolulu": "hawaii, hst",
};

/** Every known place in plain letters, by its zone. */
export const knownPlaces = (): ReadonlyMap<string, string> => {
  const known = new Map<string, string>();
  // Which of a zone's names the runtime lists depends on its version; those that are written here it knows in any case.
  for (const zone of [...Intl.supportedValuesOf("timeZone"), ...Object.keys(places)]) {
    known.set(zone.toLowerCase(), zone);
    known.set((zone.split("/").at(-1) ?? zone).replaceAll("_", " ").toLowerCase(), zone);
  }
  for (const [zone, names] of Object.entries(places))
    for (const name of names.split(", ")) known.set(name, zone);
  return known;
};
