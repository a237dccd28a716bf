/* Codes that refusals and errors carry: what each means and what to do about it. One row a code; keep a
 * module's rows together. Reasons of the interlock stand in fadeline/interlock/reason.h, those that a
 * clinic's rules name in its rule files; both are explained from there. tests/cli/test_explain.c asks for a
 * row for every code in the sources. A row without a code says where what follows comes from. */
#ifndef FL_CLI_EXPLAIN_TEXTS_H
#define FL_CLI_EXPLAIN_TEXTS_H

/* clang-format off */
/*    code            NULL
      what it means   where the rows below it come from
      what to do      NULL */
#define FL_EXPLAIN_LIST(X) \
    /* console */ \
    X(NULL, "src/console/README.md", NULL) \
    X("page-silent", \
      "The screen from which the laser was armed gave no sign of life for two seconds. Whoever armed may not see what " \
      "happens, so the laser stands down.", \
      "Look at that screen: a computer that sleeps, a tab that is hidden or a browser that hangs. Then arm again.") \
    X("console-other-journal", \
      "The console shows either the clinic's journal or that of simulated lasers, and this laser writes the other one.", \
      "For a simulated laser: fadeline console --simulated; for a real one without that word.") \
    /* device files */ \
    X(NULL, "what a label says and how sure a number is: devices/*.yaml, src/config/README.md", NULL) \
    X("device-limits-unknown", \
      "The device file does not know a limit of this head (energy, rate, spots or pulse length). A " \
      "limit nobody has read is no limit, so nothing can be planned with the head.", \
      "Copy the device file to devices/ in the Fadeline home, enter the number from the label with " \
      "`sure: label`, then: fadeline check FILE") \
    X("device-no-such-spot", \
      "The head does not have this spot size.", \
      "Choose one of the spots named in the message.") \
    X("device-number-unconfirmed", \
      "A number of the device file is from memory. Nothing is planned with it until a person has read it " \
      "off the label.", \
      "fadeline devices list shows which; read the label, then: fadeline devices confirm ID --head H " \
      "--key KEY --value V --person NAME --document TEXT") \
    X("runner-up", \
      "The setting that would have been chosen if the chosen one were not there, and what it lost by. Settings are " \
      "compared by their chance of an effect at a start fluence that keeps the accepted risk (planner README).", \
      "Nothing to do; it answers the question why not the other wavelength.") \
    X("what-matters-most", \
      "Which unknowns make the plan as uncertain as it is: the share of the variance of the needed, or bearable, fluence " \
      "that would go if one of them were known (first-order Sobol index, from the plan's own samples).", \
      "A test spot measures the ink's unknowns together; a colour meter (ITA) narrows the melanin.") \
    X("planned-from-memory", \
      "The plan rests on numbers of the device file that nobody has confirmed from the label.", \
      "Read the numbers it names off the label and confirm them: fadeline help devices") \
    X("ink-guessed", \
      "The ink was not named: it was guessed from a colour or a brand family. Every ink of profiles/inks.yaml is laid " \
      "into skins that could be this one, and its colour predicted (spectra of the optics reference, two-flux model); " \
      "what was seen and what is usual at the place give the chances. A colour is not an ink: the plan treats it as " \
      "not identified, and when a class with a chance of 5 % darkens, darkening is possible [our rule].", \
      "The artist's or maker's word, on paper, as `id:` in the case; a colour measured beside bare skin (fadeline " \
      "colour, then fadeline inks --lab) narrows the guess.") \
    X("ink-unlike-any", \
      "More likely than not, the colour belongs to no ink of profiles/inks.yaml: a mixture, a shadow, a scar, or a slip " \
      "in the numbers. A plan for another ink would be no plan [our rule].", \
      "Measure again with a colour card, or name the ink with `id:` when somebody knows it; otherwise no laser.") \
    X("device-clearance", \
      "The clearance of this head does not cover this ink colour or skin type.", \
      "Another head, or another laser whose clearance does.") \
    X("clearance-not-stated", \
      "Nobody has seen whether the clearance of this head covers this ink colour and skin type.", \
      "Read the clearance of the laser and enter it in a device file of the clinic's own.") \
    /* colour from a photo */ \
    X(NULL, "src/colour/README.md", NULL) \
    X("colour-photo-unreadable", \
      "The photo is neither a PNG nor a JPEG, or it is damaged or ends early. Half a photo could be half a " \
      "card, so nothing of it is used.", \
      "Copy it from the camera again, or save it as PNG or JPEG; a phone that saves HEIC can be told to " \
      "save JPEG.") \
    X("colour-photo-too-big", \
      "The photo has more than 50 million pixels.", \
      "Cut out the part with the card and the skin; do not rescale or filter it.") \
    X("colour-photo-grey", \
      "The photo holds no colour, so no colour can be measured in it.", \
      "Take it again in colour, without a filter.") \
    X("colour-card-small", \
      "A patch of the card covers too few pixels in the photo for a steady median.", \
      "Go nearer, or use the camera's full resolution: a patch wants 12 pixels across at least.") \
    X("colour-overexposed", \
      "A patch of the card is so bright that the sensor was full. Where it is full, its number says only " \
      "'at least'.", \
      "Less exposure (one stop), no flash; the card's white must stay below full white.") \
    X("colour-underexposed", \
      "The card's white is too dark in the photo, or its black is rounded away.", \
      "More light, or a longer exposure.") \
    X("colour-no-card", \
      "The greys or colours of the card do not stand where the corners say: no card there, another card, or " \
      "the corners in another order.", \
      "Look at the overlay (--png) and give the corners of the card as printed, clockwise from its top " \
      "left.") \
    X("colour-patch-uneven", \
      "A patch of the card is not of one colour in the photo: glare, a shadow, dirt, or the corners are a " \
      "little off.", \
      "Tilt the card or move the lamp, wipe it; look at the overlay (--png) and give the corners closer.") \
    X("colour-light-uneven", \
      "One corner of the card has much more light than another, so the light at the skin beside it is not " \
      "known.", \
      "Turn so that light falls evenly, and lay the card beside the skin in the same plane.") \
    X("colour-card-residual", \
      "With the best correction the card's patches still do not have their known colours. Whatever the " \
      "cause, skin would be as wrong.", \
      "Switch off beauty, HDR and night modes; use one kind of light; see that the card is clean, not " \
      "faded, and the one of the card file.") \
    X("colour-region-small", \
      "A region has too few pixels for a median.", \
      "A larger radius, or go nearer with the camera.") \
    X("colour-region-glare", \
      "Part of the region shines, and shine is the lamp's colour, not the skin's.", \
      "Dry the skin, light it from the side or use crossed polarisers, or choose a place without shine.") \
    X("colour-region-dark", \
      "The region is nearly black in the photo: mostly noise and rounding.", \
      "More light, or a place out of the shadow.") \
    X("colour-region-far", \
      "The region lies so far from the card, or the light changes so much, that the light there is guessed.", \
      "Lay the card beside the skin and photograph both from straight above.") \
    /* the clinic's files */ \
    X(NULL, "src/course/README.md; dates and signatures stand in profiles/*.yaml", NULL) \
    X("file-fault", \
      "A file people edit has a fault, and a file with a fault is not used at all.", \
      "fadeline check FILE shows every fault with its place and a hint.") \
    X("rules-expired", \
      "The rule file or the table of procedures is not yet signed for this day, or past its review " \
      "date.", \
      "The medical director reads it again, signs and dates it.") \
    X("profile-expired", \
      "A profile the physics rests on is past its review date.", \
      "The medical director reads it again, signs and dates it.") \
    X("plan-edited", \
      "The plan file is not what the planner wrote: its own digest does not fit its content.", \
      "Plan again. A plan is never changed by hand.") \
    X("plan-not-sealed", \
      "The plan file carries no seal of this installation: it was made elsewhere, written without --out, or " \
      "changed and given a new digest. The seal is made with plan.secret in the home.", \
      "Plan again on the machine that runs the session: fadeline plan CASE.yaml --device ID --out PLAN.json.") \
    /* the window between ink and skin */ \
    X(NULL, "the model and what it was measured against: src/planner/README.md", NULL) \
    X("ink-not-reached", \
      "This ink hardly absorbs at this wavelength: more light would go into the skin than into the " \
      "ink.", \
      "A wavelength that the ink absorbs.") \
    X("ink-partly-reached", \
      "The wavelength reaches only part of the coloured pigment.", \
      "A second wavelength for the rest, after a test spot.") \
    X("ink-darkens", \
      "The ink may hold iron oxide or titanium dioxide, which can turn dark at the first pulse and " \
      "for good. No safe threshold is known.", \
      "A test spot, read when it is due; never a full session first.") \
    X("ink-unknown", \
      "Nobody identified the ink, so it is planned as a guess.", \
      "The artist's or maker's word on paper, or test spots in two places.") \
    X("no-window", \
      "The fluence the ink needs is more than the skin bears at the accepted risk: there is no " \
      "setting in between.", \
      "A longer wavelength, a lighter skin after the tan has gone, or another laser.") \
    X("window-test-only", \
      "The window is open for a test spot, not for a whole zone.", \
      "A test spot that was read, or a setting with more margin.") \
    X("limit-below-need", \
      "The device or the rules end below what the ink needs.", \
      "A smaller spot, or a laser with more energy; rules change only by who signs them.") \
    X("limited-by-device", \
      "The highest fluence is what the device gives at this spot.", \
      "A smaller spot.") \
    X("limited-by-rules", \
      "The highest fluence is what the signed rules allow.", \
      "Only who signs the rule file can change it.") \
    X("limited-by-physics", \
      "The highest fluence is where the risk of injury reaches what was accepted.", \
      "A longer wavelength, or a lighter skin after the tan has gone.") \
    X("limited-by-heat", \
      "The highest fluence is where the skin under a hand that stands still would gather too much " \
      "heat.", \
      "Cooling between pulses.") \
    X("rate-lowered", \
      "The pulse rate is lower than the device could go, so that heat does not add up.", \
      "Cooling between pulses, or a lower fluence.") \
    X("settings-seen", \
      "What others published for this work at this wavelength, as the rule file quotes it with its source. It is " \
      "there to compare with and never a limit: published series were treated on other skins, and many lie above " \
      "what 2 % of risk permits here.", \
      "Nothing has to change.") \
    X("would-open", \
      "Nothing can be used today, and the plan was made again with one thing changed: the tan gone, or a head " \
      "that this laser does not have, as lasers of the kind are sold. This change would open a window.", \
      "The change it names; then a plan of its own.") \
    X("cover-first", \
      "Another ink lies on top, and it absorbs at this wavelength: it is what the pulse " \
      "reaches, and what is planned. What it covers is for a later session. Layers are taken " \
      "from the top (users reference, brows with a cover-up); they are taken as equally thick, " \
      "an estimate.", \
      "A plan of its own for the ink below, after the read.") \
    X("under-cover", \
      "Another ink lies on top that hardly absorbs at this wavelength: light is planned for the " \
      "ink below, after what the cover scatters and takes up. Scattering of titanium dioxide: " \
      "Mie theory, rutile of 250 nm.", \
      "A test spot, read when it is due: what lets light through can still darken.") \
    X("burn-counts", \
      "A good part of the injuries comes from heat alone: light warms the epidermis and the ink " \
      "under it, and the damage integral of Arrhenius passes 1 by the set this skin was given " \
      "(Henriques 1947, Weaver & Stoll 1969, Takata 1974, Mehta & Wong 1973).", \
      "Cooling of the surface, less fluence, or a longer wavelength.") \
    X("hair-shaft", \
      "Melanin of hair in the skin takes up as much energy as bursts a melanosome (300 J/cm3): " \
      "the shaft turns white or breaks. Guinea pigs grew white hair from 0.4 J/cm2 at 694 nm on " \
      "(Dover 1989).", \
      "Clip the hair, a longer wavelength, or less fluence.") \
    X("hair-bulb", \
      "At the depth of the bulbs the light may still burst melanosomes in one case of twenty or " \
      "more: hair may grow back white, or not at all. Depths of brow, lash and beard are from " \
      "memory.", \
      "A longer wavelength spares melanin, a smaller spot reaches less deep, or less fluence.") \
    X("plasma-possible", \
      "Hot melanin may seed a plasma at this intensity: a snap, a spark, a singed smell. 0.5 to " \
      "5 x 10^10 W/cm2 (trend seen by Varghese 2015, number from memory). It is no injury by " \
      "itself and not counted as one.", \
      "A larger spot at less fluence; clean, dry, hairless skin. Stop at the first spark.") \
    X("several-passes", \
      "Light reaches a share of the ink; a second pass reaches more. Two passes are given half the fluence of a " \
      "single one each, more than two a quarter (one clinic's rule for passes 20 minutes apart: 50 to 75 % lower), " \
      "and never at 532 nm. The next session is then at least eight weeks away.", \
      "One pass at the full fluence.") \
    X(NULL, "the skin form and the bands: profiles/clinic.yaml, skin", NULL) \
    X("form-blank", \
      "An item of the skin form is blank. A blank item gives no type, and without a type there is no " \
      "plan.", \
      "Answer all ten items.") \
    X("form-two-bands", \
      "A total of 25 stands in two bands of the published table; the darker one is taken.", \
      "Nothing: it is a remark.") \
    X("form-inflated-by-tan", \
      "Two items of the form ask about sun, so a tan raises the total.", \
      "Score the form again when the sun gate is over.") \
    X("type-open", \
      "A total above 30 does not tell V from VI; planned as VI.", \
      "The practitioner chooses V or VI.") \
    X("type-unknown", \
      "Nobody has typed the skin.", \
      "Fill in the skin form, or the practitioner names the type.") \
    X("types-disagree", \
      "Form, measured colour and practitioner do not agree; planned with the darkest.", \
      "Measure again, at the site and on unexposed skin.") \
    X("tan-suspected", \
      "The skin at the site is darker than unexposed skin, which suggests a tan.", \
      "Wait until the tan has gone; measure again.") \
    X("ita-unusable", \
      "The measured colour gives no angle and is not used.", \
      "Measure again.") \
    /* gates and zones */ \
    X(NULL, "profiles/clinic.yaml, screening, zones and features; profiles/procedures.yaml", NULL) \
    X("screening-incomplete", \
      "A screening question that must be asked was not answered. Not asked is not no.", \
      "Ask, and record yes or no.") \
    X("under-age", \
      "The client is younger than the rules allow.", \
      "The birthday.") \
    X("deadline", \
      "The result is wanted by a day that honest intervals cannot meet.", \
      "No deadline: fading takes the time the skin takes.") \
    X("offer-test-spot", \
      "What can be offered although the full work is refused.", \
      "Clear what stands above it, then a test spot.") \
    X("refusal-sheet", \
      "A refusal has a sheet: what was asked, why not, what would change it, and whom to see.", \
      "Print it and hand it over.") \
    X("zone-region", \
      "The zone lies where this procedure is not done.", \
      "Name the procedure that is done there, or the zone that is meant.") \
    X("zone-rests", \
      "The zone was treated too recently.", \
      "Wait until the date that is named.") \
    X("no-zone", \
      "Every zone is locked.", \
      "What would unlock a zone stands with each of them.") \
    X("overlap-too-large", \
      "The overlap asked for lays more light on each place than the rules allow.", \
      "A smaller overlap.") \
    X("locked-neighbour", \
      "Some spots of a drawn zone would stand nearer than one spot to a zone that is locked. They are left out and " \
      "not counted.", \
      "Nothing, when the neighbour is to stay as it is. What would unlock it stands with it; a smaller spot comes " \
      "nearer.") \
    X("locked-undrawn", \
      "A zone is drawn and a locked one is not, so nobody knows how near they come to each other.", \
      "Draw the locked zone in the same drawing, or keep a spot's width away from it by eye.") \
    /* settings and tests */ \
    X(NULL, "profiles/clinic.yaml, wavelengths, fluences and test; profiles/procedures.yaml; src/course/README.md", NULL) \
    X("no-setting", \
      "No setting of this device can be used; the message says why for each.", \
      "Another device, or what the reasons name.") \
    X("setting-refused", \
      "The setting that was asked for is refused; the client is not.", \
      "Take the setting the plan offers.") \
    X("wavelength-not-listed", \
      "The procedure does not name this wavelength.", \
      "A wavelength the procedure names, or another procedure.") \
    X("wavelength-not-allowed", \
      "The rules do not allow this wavelength for this skin type.", \
      "A wavelength that is allowed.") \
    X("no-limit-for-type", \
      "The rules have no fluence limit for this wavelength and skin type. A missing limit is a " \
      "refusal.", \
      "Who signs the rule file adds one.") \
    X("test-first", \
      "Test spots come before any zone.", \
      "A read that passed, of this wavelength, spot and device.") \
    X("test-below-need", \
      "These test spots stay below what the ink is thought to need. They ask whether the ink turns dark or hides " \
      "another layer, not whether it fades; what the skin bears is their end in any case.", \
      "Nothing has to change; the read decides.") \
    X("read-passed", \
      "Physics alone would not open this window for a zone, but a test spot passed at this wavelength and spot: it is " \
      "allowed up to the fluence that passed.", \
      "Another test spot at another fluence, and its read.") \
    X("test-only", \
      "The wavelength may be tested and not used on a zone before a read.", \
      "A test spot, and its read.") \
    X("read-open", \
      "A test spot was placed and has not been read.", \
      "Read it within the dates that are named.") \
    X("test-darker", \
      "A test spot turned darker: that setting is excluded for this ink.", \
      "Another wavelength after another test, or no treatment.") \
    X("test-harmed", \
      "A test spot changed the skin or the hair: that setting is excluded.", \
      "Another setting after another test, or no treatment.") \
    X("plan-says-no", \
      "The plan as a whole is refused or needs a clearance, so none of its settings names a fluence.", \
      "See the reasons at the top of the plan: each says what would change it.") \
    X("interval", \
      "How long the skin rests between sessions: a row of the procedure for this skin type.", \
      "Plan the next session for that day or later; the session refuses an earlier one.") \
    X("tan", \
      "This wavelength is for untanned skin, and a tan is known or suspected: sun on the site within four weeks, or a " \
      "colour angle that falls from covered skin to the site.", \
      "Keep the site out of the sun; score the form and measure again when the tan has faded.") \
    X("test-expired", \
      "A test spot that had passed no longer counts: its read is older than the rules allow (`test.expires_days`, six " \
      "months [our rule], after the clinical reference), or it was made with another device. Wavelength and spot have " \
      "to be the same too.", \
      "A new test spot with this device, wavelength and spot, and its read.") \
    X("read-early", \
      "A read before the first day the rules name for this skin type (`test.reads`) is no read: the body is still taking " \
      "ink away, and a good spot would be called poor.", \
      "Read it again, from the day that is named.") \
    X("read-late", \
      "The read came after the last day the rules name (`test.reads`). Ink goes on fading, so it counts; it is said " \
      "because the plan waited for it.", \
      "Nothing.") \
    X("read-low", \
      "A read at or below `fade.read_low_percent` (10 % [our rule], users reference story 10). A session that took little " \
      "is a question, not a reason for more energy: wrong wavelength for the ink family (four sessions at 785 nm took 5 % " \
      "of yellow, Bernstein 2018), ink too deep, a dirty window or a wrong spot, a head that is weak in the energy check, " \
      "a read before the ink had time to go. The plan starts no higher than where the read was low.", \
      "Go through the causes; more fluence only after test spots of its own.") \
    X("goal-may-be-reached", \
      "By the reads, the share of ink the case asks for is more likely gone than not (fade model: " \
      "include/fadeline/course/fade.h).", \
      "Look with the client before another session; a new goal if more is wanted.") \
    /* history */ \
    X(NULL, "profiles/clinic.yaml, earlier_session_days; src/course/README.md", NULL) \
    X("history-unknown", \
      "Earlier sessions elsewhere with settings nobody can use: unknown is new, not tolerated.", \
      "Ask for the records: laser and settings of every session.") \
    X("earlier-undated", \
      "Nobody knows when an earlier session was, so nobody knows whether the skin has healed.", \
      "Its day, or the wait that is named.") \
    X("record-impossible", \
      "A record names a fluence that its laser cannot make. It is flagged and not used.", \
      "Ask who wrote the record.") \
    X("record-device-unknown", \
      "A record names a laser or limits we do not know, so it cannot be checked and is not used.", \
      "The laser's label, as a device file.") \
    /* people and screens */ \
    X(NULL, "src/session/README.md", NULL) \
    X("order-repeated", \
      "A screen sent an order number that was used before; a repeated order is no order.", \
      "Give the order again on the screen.") \
    X("signed-in", \
      "The person is signed in.", \
      "Nothing: it is a remark.") \
    X("sign-in-wrong", \
      "Person or PIN is wrong.", \
      "Try again; after several wrong tries there is a wait.") \
    X("sign-in-locked", \
      "Too many wrong tries.", \
      "Wait before the next.") \
    X("sign-in-role", \
      "This person's role does not allow it.", \
      "Ask the owner.") \
    X("sign-in-expired", \
      "This person's certificate has ended.", \
      "Ask the owner.") \
    X("sign-in-disputed", \
      "people.yaml says of this person what no role.change entry of the journal says: another role, day or PIN.", \
      "Put back the file that was; or an owner ends this person and adds a new one. fadeline people list shows all " \
      "who are disputed.") \
    /* clients and their records */ \
    X(NULL, "src/clients/README.md; the rules: include/fadeline/clients/retention.h", NULL) \
    X("retention-not-over", \
      "Who a client is may be erased only after the last day of the rule in force, counted from the last entry " \
      "about the treatment, and of a minor from the birthday.", \
      "Wait for the day in the message; fadeline clients due shows all of them. An owner may choose another rule: " \
      "fadeline clients retention") \
    X("client-on-hold", \
      "A legal hold keeps this client's record whatever the day.", \
      "When the hold is over, an owner or supervisor lifts it: fadeline clients hold CODE --lift --why TEXT") \
    X("name-in-text", \
      "A text that goes into the journal holds a client's name or contact. The journal keeps for ever, and who a client " \
      "is has to be erasable.", \
      "Write the code that the message names, or leave the name out. An everyday word that is also a name: say it " \
      "otherwise.") \
    X("photo-location", \
      "The file holds the place where it was taken, or is of a kind that we cannot look through. A place leads to " \
      "a person.", \
      "Turn location off in the camera. From this file, remove it with another program, and record that one.") \
    /* energy checks */ \
    X(NULL, "include/fadeline/session/energy.h; the limits: `calibration` in devices/*.yaml", NULL) \
    X("energy-check-due", \
      "The newest energy check of this head is older than `due_every_days` of the device file (7: a week), or its day lies in " \
      "the future, or, for a real laser, there was none. Treatment is refused; checks are not.", \
      "Check it: fadeline energy-check --port for a laser with a grant link, --by-hand for another; `fadeline help " \
      "energy-check` has examples.") \
    X("calibration-only", \
      "This session checks the laser in its calibration port: it has no client, no zone and no test spot.", \
      "End it; treat with fadeline run.") \
    X("energy-locked", \
      "The newest energy check of this head did not pass: the mean, or the laser's own measure, was beyond " \
      "`energy_lock_percent` (20, the rule of 21 CFR 1040.11), or it was no check because a pulse was not measured, a " \
      "reading was none, or the meter was not proven to be set right, or it was begun and never came to a verdict. It " \
      "holds for this head's name and for its wavelength, whatever the device file calls it now. Locked for treatment, " \
      "free for checks.", \
      "Find the cause (window, handpiece, attenuator, flash lamp, the meter itself), then check again, at the energy that " \
      "locked or above. One that a slip began too high and broke off is narrowed by a supervisor: fadeline help " \
      "energy-check, --narrow.") \
    /* a session */ \
    /* sessions by hand */ \
    X(NULL, "include/fadeline/session/manual.h; what is believed of a counter: src/session/reading.h", NULL) \
    X("counter-number", \
      "What was typed is not one whole number. Commas, points and blanks are read differently in different " \
      "countries, so a counter is digits and nothing else.", \
      "Type the digits of the shot counter: before 88410") \
    X("counter-first", \
      "No reading of this laser's shot counter is in the journal yet. The first one is where its record begins, so a " \
      "slip would stay for ever: it is typed twice.", \
      "Read it again and type the same number once more.") \
    X("counter-unexpected", \
      "The number does not fit the last reading: more than was there, or less. The first time that is taken for a slip " \
      "of the finger.", \
      "Read it again. The same number once more says that the laser shows it; then it is written down, and somebody has " \
      "to say why: the operator for up to 50 pulses, a supervisor for more and for a counter that went back.") \
    X("pulses-over-plan", \
      "By hand the counter is read when all is done, so more may have been fired than the plan allows. Up to the soft " \
      "stop of the zone (110 % by default) nothing is asked; up to the hard stop (120 %) the operator says why; beyond it " \
      "a supervisor signs. A test spot: one more than planned, and more than twice as many.", \
      "If the number is right, type it once more, then: explain WHY, or a supervisor: reconcile WHO PIN WHY. Look at the " \
      "skin.") \
    X("pulses-too-fast", \
      "The counter moved more than this laser can fire, by the highest rate of its label, in the time since the zone was " \
      "begun, with five seconds for typing. Then the number is a slip, or the laser fired before the zone was begun.", \
      "Read the counter again. If the number is right, type it once more, then say why: explain WHY") \
    X("zone-not-counted", \
      "A zone was begun and the shot counter was not read after it. Nothing else goes on before, also after a restart.", \
      "Read the counter and type: after COUNTER") \
    X("zone-not-begun", \
      "A counter after a zone was typed, and no zone was begun.", \
      "zone NAME, then: before COUNTER") \
    X("no-zone", \
      "No zone and no test spot is chosen, so nobody knows what the pulses belong to.", \
      "zone NAME, or: spots 1") \
    X("pause", \
      "Bleeding was seen: five minutes without a pulse.", \
      "Wait; the message says how long.") \
    X("supervisor-signs", \
      "An operator may explain up to 50 pulses between two zones and a zone up to its hard stop. This is more, or the " \
      "counter went back.", \
      "A supervisor types: reconcile WHO PIN WHY") \
    X("reason-missing", \
      "A word is needed for the record, and it cannot be written down as it was typed.", \
      "explain WHY, in plain words of at most 200 bytes.") \
    X("session-settled", \
      "A zone of a session that died is counted now.", \
      "Nothing.") \
    X("stop-by-hand", \
      "What was seen asks to stop at once. Nobody but the person at the laser can stop it.", \
      "Foot off, laser to STANDBY, then read the counter: after COUNTER") \
    X(NULL, "src/session/README.md; the orders of states: src/interlock/README.md", NULL) \
    X("sign-in-armed", \
      "Nobody signs in while the laser is armed: checking a PIN takes longer than a tick.", \
      "Order standby first.") \
    X("sign-in-busy", \
      "Another sign-in is being looked at, or this one cannot be read.", \
      "Try again in a second.") \
    X("sign-out", \
      "Five minutes passed in STANDBY without anybody giving an order, so the person was signed out.", \
      "Sign in again.") \
    X("eyewear-wrong", \
      "The eyewear does not protect at this wavelength: not marked for it, too little optical density, an LB " \
      "below the plan's, or no letter M, without which the filter was not tested with pulses shorter than a " \
      "nanosecond. Marks count for the wavelength printed before them only.", \
      "Read the marks on the frame; the plan names what is needed. Type each wavelength before its marks.") \
    X("eyewear-door", \
      "Eyewear is confirmed for the people in a closed room, and the door is open.", \
      "Close the door, then confirm.") \
    X("zone-unknown", \
      "The plan has no zone of this name.", \
      "See the zones of the plan: fadeline plan prints them.") \
    X("zone-locked", \
      "No pulse is allowed in this zone, by the plan or by what was seen today.", \
      "Plan again when the reason is gone.") \
    X("zone-notice", \
      "The zone has had 90 % of its planned pulses (the share stands in the clinic's rules).", \
      "Nothing to do; it is a tone.") \
    X("zone-done", \
      "The zone has had all its planned pulses.", \
      "Go to the next zone.") \
    X("zone-soft-stop", \
      "The zone has had more pulses than planned (110 % by default), so the laser stood down.", \
      "Ordering the zone again says that you go on, and is a record.") \
    X("zone-hard-stop", \
      "The zone has had all the pulses this plan allows (120 % by default).", \
      "Plan the zone again.") \
    X("spot-unknown", \
      "The plan has no test spot of this number.", \
      "Spots are counted from 1.") \
    X("spot-done", \
      "This test spot has all its pulses; they are never stacked.", \
      "Go to the next spot, or look at this one: an endpoint ordered now is about it.") \
    X("plan-no-zones", \
      "This plan allows test spots and nothing else.", \
      "Place and read the test spots, then plan again.") \
    X("plan-no-tests", \
      "This plan has no test spots.", \
      "Order a zone.") \
    X("test-spots-first", \
      "The plan asks for its test spots before any zone.", \
      "Order: spots 1, then the others.") \
    X("test-spots-look", \
      "The test spots were placed and nobody has said how they look.", \
      "Look after the minutes the plan names, then order: endpoint none, frost, ...") \
    X("test-spots-read", \
      "The test spots have to be read first, on or after the day named.", \
      "Come back on that day.") \
    X("test-spots-later", \
      "The area has to rest before test spots are placed.", \
      "Come back on the day named.") \
    X("look-early", \
      "The test spots were looked at before the minutes the plan names had passed; it is recorded.", \
      "Look again before the first pulse in the zone, and order the endpoint again.") \
    X("zone-interval", \
      "This zone was treated before, under whatever plan, and its interval has not ended (or no plan says how long it is).", \
      "Come back on the day named, or later, and plan again that day.") \
    X("setting-barred", \
      "A test spot with this wavelength and spot darkened, turned hair white or sparked: nothing more with it.", \
      "Write down what was seen in the case, then plan again.") \
    X("endpoint-where", \
      "Nothing was treated under this plan, so it is not known where this was seen.", \
      "Order the zone, then the endpoint again.") \
    X("endpoint-unknown", \
      "This is not an endpoint we know.", \
      "none, frost, weak, bleed, darkened, hair-white or spark.") \
    X("note-unknown", \
      "What is said at the end of a session has few fixed words: whoever conducts does not know the client, and could not " \
      "tell a name in a sentence.", \
      "fadeline help run lists the words; a version of an aftercare text has a digit in it and no blank.") \
    X("no-session", \
      "A note belongs to a session, and none is open: the laser has not answered yet, or nobody typed its counter.", \
      "Wait for STANDBY, or type the counter; afterwards: fadeline record note --sid N.") \
    X("near-miss-unknown", \
      "A near miss is one of four: wrong spot, eyewear, zone or other.", \
      "Choose other when none fits, and say it in words afterwards: fadeline record near-miss --what other --text ...") \
    X("near-miss", \
      "A near miss was written down, with the counter and the zone as they were known.", \
      "Nothing; the laser was ordered to STANDBY, look before you go on.") \
    X("order-flood", \
      "A screen gave more orders than a person or a script needs (20 a second, 40 at once) and was cut off.", \
      "Look for a program that repeats itself; connect again after a few seconds. STANDBY is never limited.") \
    X("no-real-time", \
      "The system did not give the control process the real-time class. On a busy machine its ticks come late, and a " \
      "session stops more often than it must; it never fires more.", \
      "An administrator allows it: rtprio 20 in /etc/security/limits.d, LimitRTPRIO=20 in a unit, or CAP_SYS_NICE.") \
    X("memory-not-locked", \
      "The system did not lock the memory of the control process: a tick may have to wait for the disk.", \
      "An administrator allows it: memlock unlimited in /etc/security/limits.d, LimitMEMLOCK=infinity in a unit, or " \
      "CAP_IPC_LOCK.") \
    X("armed-allocation", \
      "The control process counted requests for memory on the thread of its tick while armed. Nothing was fired by it, " \
      "but a promise about timing was broken.", \
      "Keep the journal, finish the session, and send both to the makers.") \
    X("duty-missed", \
      "Every frame to the laser feeds its watchdog, so one leaves only when every part of the control process did its " \
      "work. One did not; nothing was said, and the laser shuts by itself within 100 ms.", \
      "The message names the part. A journal that does not answer points to the disk, PINs to an overloaded machine. " \
      "If it comes again, keep the journal for the makers.") \
    X("order-unknown", \
      "The control process does not know this order.", \
      "Screen and control process may be of different versions.") \
    X("arm-busy", \
      "Another ARM is being decided in this very tick.", \
      "Wait for its answer.") \
    X("no-fault", \
      "There is no fault to reset.", \
      "Nothing.") \
    X("fault-other", \
      "A reset names the fault that is shown, and another one is shown now.", \
      "Read it, then reset that one.") \
    X("not-calm", \
      "The fault stays because something is not calm yet.", \
      "Foot off, shutters closed, no light, laser without fault, somebody signed in.") \
    X("nothing-to-sign", \
      "Nothing waits for the signature of a supervisor or a service person.", \
      "Nothing.") \
    X("service-first", \
      "A service-class fault needs a service person's sign-in before the supervisor's.", \
      "Order: service WHO PIN, then reconcile WHO PIN.") \
    X("room-checklist", \
      "What no sensor of the laser sees: a laser pulse lights alcohol vapour and hair, makes a plume that nobody should " \
      "breathe, and comes back from metal and mirrors. It is said when a session opens, and recorded that it was said.", \
      "Look around before ARM; the emergency stop is for what was missed.") \
    X("clock-step", \
      "The wall clock of this computer was set: it jumped by more than two seconds, or stands before the newest record. No " \
      "interval between treatments can be trusted until a supervisor has said the date.", \
      "Set the clock right, read the date off something else than this computer, and order: date WHO PIN YYYY-MM-DD") \
    X("date-other", \
      "The date that the supervisor says is not the one this computer and this session have.", \
      "Set the computer's clock, end the session, and plan for the true day.") \
    X("settings-refused", \
      "The laser does not take the planned settings, or does not read them back as they were set.", \
      "Compare the plan with the laser's label; ordering the zone again tries once more.") \
    X("laser-refused", \
      "The laser did not arm.", \
      "See the laser's own display.") \
    X("laser-watched", \
      "The laser that answers is not the one in the device file, or its firmware is another: it is only " \
      "watched.", \
      "Compare the label of the laser with its device file.") \
    X("two-links", \
      "This laser runs by itself and emits only through a grant gate in its trigger line: two devices, two lines. The gate " \
      "takes the grants; the laser's own line tells how it is and what it is set to. Both are needed.", \
      "fadeline run PLAN.json --port GATE --laser-port LASER; --usb may stand in for the gate's --port.") \
    X("one-link", \
      "This laser takes grants itself: there is no second device behind it.", \
      "Leave --laser-port away.") \
    X("training-real", \
      "An exercise was asked for, and the device file is of a real laser: what it fires is no exercise.", \
      "Exercise on a simulated laser, or by hand: fadeline run PLAN.json --device manual:ID --training.") \
    X("gate-missing", \
      "The laser's protocol knows no grants, and its device file names no gate that would take them. Without one it cannot " \
      "be conducted.", \
      "Put a GL1 device into its external trigger line and add `gate:` to the file; or set the laser by hand.") \
    X("laser-only-watched", \
      "The dialect has no word to know the laser, to judge it or to stop it, so nothing is set over it and no gate is opened " \
      "in front of it.", \
      "fadeline devices ask shows how it is; complete the dialect file from its page.") \
    X("laser-too-slow", \
      "Good news over this dialect may be older than three seconds (two rounds of asking and two patiences). A session does " \
      "not rest on news that old.", \
      "Such a laser can be watched: fadeline devices ask.") \
    X("sim-and-real", \
      "A simulated laser and a real gate, or the reverse, or a port of the other kind. Their pulses would stand in one " \
      "record and what made them in the other.", \
      "Both simulated or both real: compare the device file with the ports.") \
    X("laser-up", \
      "The laser behind the gate said who it is, was made ready, and is well.", \
      "Nothing to do.") \
    X("laser-not-good", \
      "The laser behind the gate is not known to be well: a fault or an unknown bit of its status, silence, another device, " \
      "a word it did not do. While nothing is armed this only keeps ARM away; while armed it is a fault.", \
      "Look at the laser itself; ordering the zone again tries once more, after a fault first the reset.") \
    X("laser-shots-fewer", \
      "Since ARM the laser's own shot counter moved by less than the gate let pulses through. No page of these lasers says " \
      "that both count the same, so nothing follows from it but a look: a laser that was off gives no light.", \
      "See whether the laser was switched on and took its trigger from outside.") \
    X("laser-shots-more", \
      "Since ARM the laser's own shot counter moved by more than the gate let pulses through: it fired by itself, or " \
      "something else triggers it. What fell on a closed shutter counts too.", \
      "Look who else may trigger the laser before the next session.") \
    X("journal-damaged", \
      "The journal does not verify: something in it was changed, or the disk lost something. The session goes on without " \
      "pulses.", \
      "End the session and run: fadeline journal verify. It names the first bad entry and what is still good.") \
    X("journal-not-verified", \
      "Beside every session another process verifies the whole journal. It was killed or could not start, twice, so " \
      "nobody knows whether something old in it was changed. That is no damage; the session's record says it.", \
      "After the session: fadeline journal verify. If it comes again, look what kills processes on this machine.") \
    X("journal-behind-laser", \
      "The laser has seen a newer journal than this one: this is an old copy, or it was cut.", \
      "Find the newest copy; until then nothing can be armed.") \
    X("journal-not-lasers", \
      "The laser remembers a size and a root of the journal it was last used with, and this journal had another root at " \
      "that size: it is another history, or something old in it was changed. Nothing can be armed with it.", \
      "Keep this journal as it is, tell the owner, find the other copy. When there is none: fadeline journal succeed --seen") \
    X("prove-motion", \
      "Door, emergency stop and footswitch must each be seen in both positions once a day: a bridged " \
      "switch never moves.", \
      "With the key off: press and release the stop, open and close the door, press and release the " \
      "foot.") \
    X("grant-not-sent", \
      "A grant was recorded and never sent, because the interlock took its permit back or its status " \
      "grew too old. There was no pulse.", \
      "Nothing, unless it comes often: then the disk or the line is slow.") \
    X("grant-refused", \
      "The laser refused a grant. There was no pulse.", \
      "Nothing, unless it comes often.") \
    X("pulse-settled", \
      "A pulse of unknown outcome was settled by the laser's own counter.", \
      "Nothing.") \
    X("session-interrupted", \
      "The last session was never closed: the control process or the computer died. What was open is " \
      "settled now.", \
      "Sign in, choose the zone and go on, or end the session.") \
    X(NULL, "what an audit lists beside counters: src/report/README.md", NULL) \
    X("anchor", \
      "A laser remembers more entries than this journal has, or another history. It worked with another copy of the " \
      "journal, or somebody put an older one back.", \
      "Find the copy it worked with and go on with that one. When there is none: fadeline journal succeed, which an owner " \
      "signs.") \
    X("healed", \
      "Damaged entries of the journal were replaced by those of a copy whose root was signed.", \
      "Ask who did it and why it was needed; the disk may be failing.") \
    X("log-missing", \
      "This journal went on from an older log, and that log is not where it was put. What stands in it is not in the " \
      "figures.", \
      "Put its directory back beside the journal; fadeline journal verify names it.") \
    X("succession", \
      "A new log with a new key went on with the history of this journal, signed by an owner.", \
      "Ask the owner whether it was so and why; the older log is part of the audit.")
/* clang-format on */

#endif
