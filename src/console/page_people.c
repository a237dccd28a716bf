/* Who may sign in, as what and until when: a list. */
#include "book.h"
#include "page.h"

#define SOON_DAYS 60

static void put_roles(page *p, unsigned roles)
{
    static const word words[] = {W_ROLE_OPERATOR, W_ROLE_SUPERVISOR, W_ROLE_SERVICE, W_ROLE_AUDITOR,
                                 W_ROLE_OWNER};
    const char *comma = "";
    for (fl_role r = FL_ROLE_FIRST; r <= FL_ROLE_LAST; r++) {
        if (!(roles & 1u << r)) continue;
        html_put(&p->html, "%s%s", comma, say(p, words[r - FL_ROLE_FIRST]));
        comma = ", ";
    }
}

/* Word and shape first; the colour repeats it. */
static void put_state(page *p, const fl_person *person)
{
    const int days = fl_date_days(person->until) - fl_date_days(p->today);
    if (fl_date_is_set(person->ended))
        html_put(&p->html, "<span class=\"state off\">%s</span> %s", say(p, W_LEFT),
                 page_date(p, person->ended));
    else if (days < 0)
        html_put(&p->html, "<span class=\"state bad\">%s</span>", say(p, W_ENDED));
    else if (days <= SOON_DAYS)
        html_put(&p->html, "<span class=\"state warn\">%s</span>", say(p, W_ENDS_SOON));
    else
        html_put(&p->html, "<span class=\"state good\">%s</span>", say(p, W_GOOD));
}

void page_people(page *p)
{
    fl_error error = {0};
    fl_person person;
    html *w = &p->html;
    fl_people *people = book_people(p, &error);
    if (!people) return page_failed(p, &error);
    page_begin(p, say(p, W_PEOPLE));
    html_put(w, "<p>%s</p><table><thead><tr>", say(p, W_PEOPLE_NOTE));
    static const word heads[] = {W_PERSON, W_ROLES, W_CERTIFICATE_UNTIL, W_STATE};
    for (size_t i = 0; i < 4; i++) html_put(w, "<th scope=\"col\">%s</th>", say(p, heads[i]));
    html_put(w, "</tr></thead><tbody>");
    for (size_t n = 0; fl_people_at(people, n, &person); n++) {
        html_put(w, "<tr><th scope=\"row\">%s</th><td>", person.id);
        put_roles(p, person.roles);
        html_put(w, "</td><td>%s</td><td>", page_date(p, person.until));
        put_state(p, &person);
        html_put(w, "</td></tr>");
    }
    html_put(w, "</tbody></table>");
    fl_people_free(people);
    page_end(p);
}
