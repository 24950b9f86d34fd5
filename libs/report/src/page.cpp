#include "naevus/report/page.hpp"
