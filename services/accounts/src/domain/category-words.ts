import type { Category } from './category.ts';

/** Words that tell what money was for. */
export interface WordRule {
  readonly category: Category;
  /**
   * The direction in which the words of a reference count. `out`: what a payer writes says what was bought, while
   * the same word on money that came in is what somebody else bought. A counterparty's name counts both ways, because
   * money back from a shop belongs to the shop.
   */
  readonly reference: 'in' | 'out' | 'both';
  /**
   * In English, Dutch and German; folded (lower case, no accents, ss for sharp s), separated by commas. One word or
   * two; `*word` is also the end of a longer word, as both languages build them.
   */
  readonly words: string;
}

/** The first rule that matches wins. Insurance stands before what people insure. */
export const WORD_RULES: readonly WordRule[] = [
  {
    category: 'income',
    reference: 'in',
    words:
      'salary, salaries, wage, wages, payroll, pay slip, paycheck, paycheque, pension, dividend, dividends, interest, ' +
      'stipend, bonus, tax refund, child benefit, unemployment benefit, *salaris, loon, *pensioen, *pensioenfonds, ' +
      '*uitkering, *toeslag, *bijslag, vakantiegeld, studiefinanciering, aow, rente, *gehalt, *lohn, lohnzahlung, ' +
      'gehaltszahlung, *rentenversicherung, kindergeld, elterngeld, arbeitslosengeld, bafog, zinsen, dividende, ' +
      'steuererstattung, belastingteruggave',
  },
  {
    category: 'insurance',
    reference: 'out',
    words:
      'insurance, insurances, insurer, *verzekering, *verzekeringen, verzekeraar, *versicherung, *versicherungen, ' +
      'krankenkasse, assurantie, assurantien',
  },
  {
    category: 'savings',
    reference: 'both',
    words:
      'savings, nest egg, rainy days, investment, investments, investing, sparen, *spaarrekening, ' +
      'spaargeld, spaardoel, beleggen, beleggingen, sparplan, sparkonto, sparbuch, ersparnisse, geldanlage',
  },
  {
    category: 'cash',
    reference: 'out',
    words: 'atm, cash withdrawal, cash machine, *geldautomaat, geldopname, *geldautomat, bargeld, barauszahlung',
  },
  {
    category: 'fees',
    reference: 'out',
    words:
      'transfer fee, account fee, card fee, bank fee, bank fees, bank charges, bankkosten, rekeningkosten, ' +
      'kontogebuhr, kontogebuhren, kontofuhrung, kontofuhrungsgebuhr',
  },
  {
    category: 'housing',
    reference: 'out',
    words:
      'rent, mortgage, landlord, housing, huur, kamerhuur, woninghuur, huurbetaling, huurpenningen, hypotheek, hypotheeklasten, verhuurder, ' +
      'woningcorporatie, woonstichting, woningbouw, vve, servicekosten, miete, kaltmiete, warmmiete, wohnungsmiete, mietzahlung, hypothek, hausgeld, ' +
      'nebenkosten, vermieter, baufinanzierung, wohnungsgenossenschaft, wohnungsbau, hausverwaltung',
  },
  {
    category: 'utilities',
    reference: 'out',
    words:
      'electricity, electric, water, gas, energy, power bill, utility, utilities, heating, internet, broadband, phone, ' +
      'telephone, mobile, telecom, elektriciteit, stroom, *energie, waterbedrijf, drinkwater, waterschap, telefoon, ' +
      'mobiel, glasvezel, elektrizitat, strom, stromrechnung, stromabschlag, okostrom, *wasser, heizung, heizkosten, ' +
      'fernwarme, stadtwerke, telefon, handy, mobilfunk, rundfunkbeitrag',
  },
  {
    category: 'groceries',
    reference: 'out',
    words:
      'groceries, grocery, grocer, greengrocer, supermarket, market, food, butcher, baker, bakery, *boodschappen, ' +
      '*supermarkt, markt, bakker, *bakkerij, slager, *slagerij, groenteboer, groenten, kaasboer, *lebensmittel, ' +
      'wochenmarkt, biomarkt, einkauf, backer, *backerei, metzger, *metzgerei, albert heijn, lidl, aldi, rewe, edeka, ' +
      'kaufland, tesco, sainsbury',
  },
  {
    category: 'eating-out',
    reference: 'out',
    words:
      'coffee, *cafe, *restaurant, dinner, lunch, breakfast, brunch, pub, bistro, pizza, pizzeria, burger, sushi, ' +
      'takeaway, take away, drinks, *koffie, eetcafe, lunchroom, *borrel, uit eten, etentje, diner, ontbijt, *snackbar, ' +
      'thuisbezorgd, *kaffee, gaststatte, gasthaus, wirtshaus, kneipe, imbiss, biergarten, abendessen, mittagessen, ' +
      'fruhstuck, essen gehen, lieferando',
  },
  {
    category: 'transport',
    reference: 'out',
    words:
      'train, trains, rail, railway, railways, bus, metro, tram, underground, subway, taxi, cab, uber, parking, petrol, ' +
      'fuel, toll, bicycle, bike, trein, *spoor, *spoorwegen, ov chipkaart, openbaar vervoer, *vervoer, *fiets, ' +
      'parkeren, *parkeergeld, benzine, tanken, tankstation, zug, *bahn, fahrkarte, *fahrrad, ' +
      'parkgebuhr, parkschein, benzin, *tankstelle, maut, mietwagen, automiete, autohuur',
  },
  {
    category: 'health',
    reference: 'out',
    words:
      'pharmacy, chemist, doctor, dentist, hospital, clinic, health, medicine, medicines, optician, therapy, *apotheek, ' +
      'arts, huisarts, tandarts, *ziekenhuis, dokter, *therapie, fysio, opticien, zorg, *apotheke, *arzt, *arztin, ' +
      'arztpraxis, zahnarztpraxis, krankenhaus, klinik, *optiker, medikamente, *medicijnen',
  },
  {
    category: 'leisure',
    reference: 'out',
    words:
      'cinema, movie, movies, film, films, theatre, *theater, concert, concerts, museum, gym, sport, sports, game, ' +
      'games, holiday, holidays, hotel, travel, flight, flights, *festival, zoo, hobby, netflix, spotify, *bioscoop, ' +
      '*vakantie, reis, vliegticket, sportschool, pretpark, zwembad, uitje, *kino, *konzert, *urlaub, reise, *urlaubsreise, ' +
      'fitness, *fitnessstudio, schwimmbad, freizeitpark, sportverein',
  },
  {
    category: 'shopping',
    reference: 'out',
    words:
      'book, books, bookshop, bookstore, shop, shopping, store, clothes, clothing, shoes, furniture, electronics, ' +
      'present, presents, gift, gifts, toys, *boekhandel, *boeken, *winkel, *kleding, *schoenen, meubels, cadeau, ' +
      'speelgoed, bouwmarkt, bol com, hema, *buch, *bucher, *buchhandlung, *kleidung, *schuhe, *mobel, *geschenk, ' +
      'geschenke, spielzeug, baumarkt, mediamarkt, *drogerie, amazon, ikea, zalando',
  },
];

/** Words in the names of firms and not of people: what such a name says nothing more about is `other`. */
export const FIRM_WORDS: ReadonlySet<string> = new Set(
  (
    'ltd, limited, llc, llp, plc, inc, corp, company, co, bv, nv, vof, stichting, gmbh, ag, ug, kg, ohg, gbr, ev, ' +
    'sarl, srl, software, services, group, holding, bank, gemeente, stadt, verein, vereniging'
  ).split(', '),
);
