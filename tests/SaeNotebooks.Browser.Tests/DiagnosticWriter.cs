using System.Text;

namespace SaeNotebooks.Browser.Tests;

/// <summary>Says each line while the tests run: installing takes minutes.</summary>
internal sealed class DiagnosticWriter : TextWriter
{
    private readonly StringBuilder line = new();

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        if (value != '\n') line.Append(value);
        else
        {
            TestContext.Current.SendDiagnosticMessage(line.ToString().TrimEnd());
            line.Clear();
        }
    }
}
