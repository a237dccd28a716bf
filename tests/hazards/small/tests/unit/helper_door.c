/* A helper: no tag here would count. */
int helper_door(void);
