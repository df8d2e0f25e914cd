using System.Globalization;
using System.Text;

namespace Oci.Json;

/// <summary>A double as ECMAScript's <c>Number::toString</c> prints it (RFC 8785, section 3.2.2.3).</summary>
internal static class EcmaScriptNumber
{
    public static string Format(double value)
    {
        if (!double.IsFinite(value))
            throw new FormatException("A number is too large for a double, so it has no canonical form.");
        if (value == 0)
            return "0"; // minus zero too
        var (digits, point) = ShortestDigits(Math.Abs(value));
        var text = new StringBuilder(32);
        if (value < 0)
            text.Append('-');
        // Names of the ECMAScript text: k digits, the point after n of them.
        var k = digits.Length;
        if (point >= k && point <= 21)
        {
            text.Append(digits).Append('0', point - k);
        }
        else if (point > 0 && point <= 21)
        {
            text.Append(digits, 0, point).Append('.').Append(digits, point, k - point);
        }
        else if (point > -6 && point <= 0)
        {
            text.Append("0.").Append('0', -point).Append(digits);
        }
        else
        {
            var exponent = point - 1;
            text.Append(digits[0]);
            if (k > 1)
                text.Append('.').Append(digits, 1, k - 1);
            text.Append('e').Append(exponent < 0 ? '-' : '+').Append(Math.Abs(exponent));
        }
        return text.ToString();
    }

    /// <summary>The fewest digits that give the number back, and how many of them stand before the point.</summary>
    private static (string Digits, int Point) ShortestDigits(double value)
    {
        // "R" is the shortest form that round-trips, in one of: 123.45, 1.2345E+25, 0.00012, 1.2E-05
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        var exponent = 0;
        if (text.IndexOf('E', StringComparison.Ordinal) is >= 0 and var e)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text : text.Remove(point, 1);
        if (point < 0)
            point = text.Length;
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), point - leading + exponent);
    }
}
