/* Words that stand as values in sentences. Last of the table: a sentence is looked for first. */
/* clang-format off */
{"device", "l'appareil"}, {"rules", "les règles"}, {"physics", "la peau"}, {"heat", "la chaleur"}, {"profile", "les règles"},
{"its", "une"}, {"no", "aucune"}, {"none", "aucune"}, {"eyewear", "lunettes de protection"}, {"zone", "zone"}, {"other", "autre"}, {"wrong spot", "mauvais diamètre"},
{"Test spot", "Essai ponctuel"}, {"session", "séance"}, {"Session", "Séance"}, {"site", "zone"}, {"unexposed", "non exposée"}, {"unknown place", "lieu inconnu"},
{"refuse", "REFUS"}, {"defer", "PAS AUJOURD'HUI"}, {"clearance", "AVIS MÉDICAL REQUIS"}, {"test-first", "ESSAI D'ABORD"}, {"plan", "PLAN"}, {"later", "plus tard"},
{"scalp", "cuir chevelu"}, {"face", "visage"}, {"brow", "sourcil"}, {"brows", "sourcils"}, {"lid", "paupière"}, {"lip", "lèvre"}, {"beard", "barbe"},
/* colours, levels of the Kirby-Desai score */
{"black", "noir"}, {"brown", "brun"}, {"blue", "bleu"}, {"sky-blue", "bleu ciel"}, {"green", "vert"}, {"purple", "violet"}, {"red", "rouge"}, {"yellow", "jaune"},
{"tan", "beige"}, {"grey", "gris"}, {"pink", "rose"}, {"white", "blanc"}, {"orange", "orange"}, {"flesh", "chair"}, {"violet", "violet"},
{"black_only", "noir seul"}, {"mostly_black_some_red", "surtout noir, un peu de rouge"}, {"mostly_black_and_red_some_other", "surtout noir et rouge, un peu d'autre"},
{"multiple_colours", "plusieurs couleurs"}, {"amateur", "d'amateur"}, {"minimal", "peu"}, {"moderate", "moyen"}, {"significant", "beaucoup"}, {"layered_or_cover_up", "couches ou recouvrement"},
/* profiles/procedures.yaml, sites.yaml */
{"Scalp micropigmentation, shaved scalp", "Micropigmentation capillaire, crâne rasé"}, {"Hairline, raised or softened", "Ligne frontale, relevée ou adoucie"},
{"Density work for women", "Travail de densité pour femmes"}, {"Dots in a scar", "Points dans une cicatrice"}, {"Brows, machine tattoo", "Sourcils, tatouage à la machine"},
{"Brows, microblading", "Sourcils, microblading"}, {"Brows, ombre or cover-up", "Sourcils, ombré ou recouvrement"}, {"Lip blush or liner", "Lèvres, couleur ou contour"},
{"Eyeliner", "Trait d'eye-liner"}, {"Beard micropigmentation", "Micropigmentation de la barbe"}, {"Areola", "Aréole"}, {"Skin-tone cover of vitiligo or a scar", "Recouvrement couleur peau d'un vitiligo ou d'une cicatrice"},
{"Scalp, men, shaved or bald", "Cuir chevelu, homme, rasé ou chauve"}, {"Scalp, women, through hair", "Cuir chevelu, femme, entre les cheveux"}, {"Eyebrow", "Sourcil"},
{"Eyelid margin", "Bord de la paupière"}, {"Lip vermilion", "Vermillon des lèvres"}, {"Beard and cheek", "Barbe et joue"}, {"Body", "Corps"},
/* profiles/inks.yaml */
{"Scalp pigment, carbon black", "Pigment de cuir chevelu, noir de carbone"}, {"Black, carbon", "Noir, carbone"}, {"Black, magnetite", "Noir, magnétite"},
{"Brown, iron oxides", "Brun, oxydes de fer"}, {"Brown iron oxides under a light corrector", "Oxydes de fer bruns sous un correcteur clair"},
{"Light corrector, flesh tone", "Correcteur clair, ton chair"}, {"Brow gone orange, iron oxides", "Sourcil devenu orange, oxydes de fer"},
{"Brown, carbon with iron oxides", "Brun, carbone et oxydes de fer"}, {"Lip pink, iron oxide with white", "Rose de lèvres, oxyde de fer et blanc"},
{"Lip pink, organic red with white", "Rose de lèvres, rouge organique et blanc"}, {"Red, naphthol AS", "Rouge, naphtol AS"}, {"Red, hematite", "Rouge, hématite"},
{"Orange, azo or pyrrole", "Orange, azoïque ou pyrrole"}, {"Yellow, diarylide", "Jaune, diarylide"}, {"Blue, phthalocyanine", "Bleu, phtalocyanine"},
{"Green, phthalocyanine", "Vert, phtalocyanine"}, {"Yellow, arylide (Hansa)", "Jaune, arylide (Hansa)"}, {"Blue, ultramarine", "Bleu, outremer"},
{"Green, chromium oxide", "Vert, oxyde de chrome"}, {"Violet, dioxazine", "Violet, dioxazine"}, {"Skin tone, titanium dioxide with iron oxides", "Ton de peau, dioxyde de titane et oxydes de fer"},
{"White, titanium dioxide", "Blanc, dioxyde de titane"}, {"Black, nobody knows what", "Noir, personne ne sait lequel"},
{"Brown or brown-black, nobody knows what", "Brun ou brun-noir, personne ne sait lequel"}, {"Red or pink, nobody knows what", "Rouge ou rose, personne ne sait lequel"},
/* two that are known, of which the second says more: the last that is tried */
{"%s: %s", "{1} : {2}"},
/* clang-format on */
